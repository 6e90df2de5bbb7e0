#!/usr/bin/env bash
# clang-tidy over the sources, a folder at a time as one file: what the folder's files include is
# then read once.
#   clang_tidy.sh [FOLDER]
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ $# = 0 ]; then
  mkdir -p build/clang-tidy
  mapfile -t folders < <(git ls-files 'src/*/*.cpp' | cut -d/ -f2 | sort -u)
  printf '%s\n' "${folders[@]}" | xargs -P "$(nproc)" -n 1 tools/clang_tidy.sh ||
    fail "clang-tidy found something"
  say "clang-tidy: ${#folders[@]} folders are clean"
  exit
fi

unity=build/clang-tidy/$1.cpp
git ls-files "src/$1/*.cpp" | grep -v _test.cpp | sed 's|.*|#include "../../&"|' >"$unity"
read -ra flags <<<"$(pkg-config --cflags pangocairo libsodium libpq libsystemd)"
# Its counts of suppressed warnings in system headers say nothing.
said=$(clang-tidy-19 --quiet --warnings-as-errors='*' --checks='-bugprone-suspicious-include' \
  "$unity" -- -std=c++20 -Isrc -DLEASEHOLD_VERSION='"0"' -Wno-deprecated-declarations \
  "${flags[@]}" 2>&1) || {
  printf '%s\n' "$said" >&2
  exit 1
}
