#!/usr/bin/env bash
# clang-tidy over the sources, two at a time, with the release build's commands.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

mapfile -t files < <(git ls-files 'src/*.cpp' | grep -v _test.cpp)
printf '%s\n' "${files[@]}" |
  xargs -P "$(nproc)" -n 4 clang-tidy-19 --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-deprecated-declarations -p build/release --warnings-as-errors='*'
say "clang-tidy: ${#files[@]} files are clean"
