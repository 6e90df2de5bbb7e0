#!/usr/bin/env bash
# clang-tidy over the sources, as many at a time as there are cores, with the release build's
# commands.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

mapfile -t files < <(git ls-files 'src/*.cpp' | grep -v _test.cpp)
# Its counts of suppressed warnings in system headers say nothing.
printf '%s\n' "${files[@]}" |
  xargs -P "$(nproc)" -n 4 clang-tidy-19 --quiet --warnings-as-errors='*' -p build/release \
    --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-deprecated-declarations 2>&1 |
  { grep -vE '^[0-9]+ warnings? generated|^\[[0-9]+/[0-9]+\] Processing' || true; }
say "clang-tidy: ${#files[@]} files are clean"
