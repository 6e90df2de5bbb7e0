#!/usr/bin/env bash
# The rules of docs/internals.md that a machine can hold: sizes, the direction of the
# arrows, and no door to the outside in the pure folders.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

bad=0
wrong() {
  printf 'tidy: %s\n' "$*" >&2
  bad=1
}

# Folders a folder may include from, besides itself.
declare -A allowed=(
  [base]=''
  [domain]='base'
  [capacity]='base domain'
  [fleet]='base domain'
  [engine]='base domain capacity fleet'
  [access]='base domain engine'
  [journal]='base domain'
  [projections]='base domain capacity fleet engine'
  [billing]='base domain capacity fleet engine projections'
  [documents]='base domain capacity fleet engine projections billing'
  [finance]='base domain capacity fleet engine projections billing'
  [replay]='base'
  [cloud]='base domain capacity fleet engine journal'
  [operations]='base domain capacity fleet engine journal projections billing documents finance replay cloud access'
  [substrate]='base domain engine'
  [server]='base domain capacity engine journal cloud access projections billing operations substrate client'
  [client]='base'
  [cli]='base domain engine journal cloud operations server client'
)
mapfile -t files < <(git ls-files --cached --others --exclude-standard 'src/*.cpp' 'src/*.h')
for file in "${files[@]}"; do
  folder=$(echo "$file" | cut -d/ -f2)
  [ "$file" = src/main.cpp ] && continue
  [ -n "${allowed[$folder]+there}" ] || wrong "$file: folder $folder is not in tools/tidy.sh"
  while read -r from; do
    case " $folder ${allowed[$folder]} " in
    *" $from "*) ;;
    *) wrong "$file includes from $from/, which is not below $folder/" ;;
    esac
  done < <(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file")
  lines=$(wc -l <"$file")
  [ "$lines" -le 600 ] || wrong "$file has $lines lines; 600 at most"
done

pure_folders='base|domain|capacity|fleet|engine|access|substrate|projections|billing|finance'
# time.cpp reads the zone database: see docs/decisions/0003.
doors='std::chrono::system_clock|std::random_device|getenv|std::thread|std::ifstream|std::ofstream|fopen|unordered_map|unordered_set|\bdouble\b|\bfloat\b'
mapfile -t pure < <(printf '%s\n' "${files[@]}" | grep -E "^src/($pure_folders)/" | grep -v _test.cpp)
if grep -nE "$doors" "${pure[@]}"; then
  wrong "a pure folder reads the outside, has an unordered container or a floating-point number"
fi
for spec in tests/specs/*.spec; do
  head -1 "$spec" | grep -q . || wrong "$spec has no title"
done
if grep -rnE '\bTODO\b|\bFIXME\b' src tests/property tests/spec_runner.cpp tools/clang_tidy.sh; then
  wrong "a note to do later"
fi
[ $bad = 0 ] && say "tidy: ${#files[@]} files keep the rules"
exit $bad
