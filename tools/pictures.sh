#!/usr/bin/env bash
# Takes over README's pictures from those that the browser tests made last, with fewer colours.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

command -v pngquant >/dev/null || install_packages pngquant
made=$root/build/console-pictures
mapfile -t names < <(grep -o 'pictures/[a-z-]*\.png' README.md | sort -u)
for name in "${names[@]}"; do
  pngquant --force --output "docs/$name" 128 "$made/${name#pictures/}"
done
say "README's pictures are those of the last run of the browser tests"
