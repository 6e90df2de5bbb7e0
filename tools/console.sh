#!/usr/bin/env bash
# Builds the console into build/console, for a server's --console: its types come from the document
# of the leasehold that is built.
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

leasehold=$root/build/release/leasehold
[ -x "$leasehold" ] || fail "the console is made from the API's document: build the release first (./quickstart does)"
command -v npm >/dev/null || install_packages nodejs npm
cd console

# npm installs anew only where the list of packages is another than the last time.
installed=node_modules/.package-lock.json
if [ ! -f $installed ] || [ package-lock.json -nt $installed ]; then
  say "installing the console's packages"
  npm ci >/dev/null
fi
say "building the console"
"$leasehold" routes --document >"$root/build/openapi.json"
node tools/types.mjs "$root/build/openapi.json" src/api/made
npx tsc --noEmit
npx vite build --logLevel warn --emptyOutDir --outDir "$root/build/console"
