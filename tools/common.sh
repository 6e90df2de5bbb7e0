# What quickstart and check share. Sourced; not run.
# shellcheck shell=bash
set -euo pipefail

# The repository, wherever the caller stands.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '== %s\n' "$*"; }
fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root: run this as root, or install sudo"
  fi
}

# Installs the Debian packages of a list that are missing, and says which.
install_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "all $# Debian packages are there"
    return
  fi
  say "installing ${#missing[@]} of $# Debian packages: ${missing[*]}"
  as_root apt-get update -q >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    "${missing[@]}" >/dev/null
}

# shellcheck disable=SC2034  # used where this is sourced
build_packages=(g++ cmake ninja-build ccache pkg-config libfmt-dev libexpected-dev libsqlite3-dev libpq-dev
  libcli11-dev libyaml-cpp-dev libhowardhinnant-date-dev libsodium-dev libboost1.81-dev
  libboost-json1.81-dev libssl-dev libcjose-dev zlib1g-dev prometheus-cpp-dev libsystemd-dev libpango1.0-dev fonts-dejavu-core tzdata)
# shellcheck disable=SC2034
test_packages=(libgtest-dev librapidcheck-dev postgresql-15 slurmctld slurm-client
  clang-format-19 clang-tidy-19 clang-19 libclang-rt-19-dev shellcheck python3 python3-venv util-linux git hledger poppler-utils
  curl openssl openssh-client prometheus nginx-light chromium)

# build PRESET [-Dcmake options] [--target NAME]: configures and builds a preset, a folder's files a
# dozen at a time: that is twice as quick as one by one where all is built.
build() {
  local preset=$1 definitions=(-DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12) targets=()
  shift
  while [ $# -gt 0 ]; do
    case $1 in
    -D*) definitions+=("$1") ;;
    *) targets+=("$1") ;;
    esac
    shift
  done
  say "building $preset"
  cmake --preset "$preset" "${definitions[@]}" >"/tmp/leasehold-configure-$preset.$$" 2>&1 || {
    cat "/tmp/leasehold-configure-$preset.$$" >&2
    rm -f "/tmp/leasehold-configure-$preset.$$"
    fail "configuring $preset"
  }
  rm -f "/tmp/leasehold-configure-$preset.$$"
  NINJA_STATUS='[%f/%t %es] ' cmake --build --preset "$preset" "${targets[@]}"
}
