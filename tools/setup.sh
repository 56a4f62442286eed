#!/usr/bin/env bash
# Installs what this machine lacks for building, running and testing evalr: by
# apt-get when root, else it prints the one command. Silent when all is there.
# Further commands that the caller needs are its arguments; "all" is everything
# that any test uses: the toolchains of every language, and bubblewrap.
set -euo pipefail

command -v go >/dev/null || {
  echo "Go is missing: https://go.dev/doc/install" >&2
  exit 1
}

missing=() # needed
lacking=() # useful: what is there could do more with it
has() { command -v "$1" >/dev/null; }
for tool in git python3 "$@"; do
  case "$tool" in
    all)
      has gcc || missing+=(gcc libc6-dev)
      has g++ || missing+=(g++)
      has javac || missing+=(default-jdk-headless)
      has node || missing+=(nodejs)
      has rustc || missing+=(rustc)
      has bwrap || missing+=(bubblewrap)
      has setpriv || missing+=(util-linux)
      ;;
    gcc) has gcc || missing+=(gcc libc6-dev) ;;
    *) has "$tool" || missing+=("$tool") ;;
  esac
done
if has javac || [[ " ${missing[*]} " == *" default-jdk-headless "* ]]; then
  [ -e /usr/share/java/javatuples.jar ] || lacking+=(libjavatuples-java) # MultiPL-E's Java programs import it
fi
if has node || [[ " ${missing[*]} " == *" nodejs "* ]]; then
  [ -e /usr/share/nodejs/typescript ] || lacking+=(node-typescript)
fi

packages=("${missing[@]}" "${lacking[@]}")
if [ ${#packages[@]} -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
  echo "missing: ${packages[*]}; install with: sudo apt-get install -y ${packages[*]}" >&2
  [ ${#missing[@]} -eq 0 ]
  exit
fi
echo "installing ${packages[*]}" >&2
apt-get update -qq
install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
for package in "${lacking[@]}"; do
  install "$package" || echo "could not install $package: tests that need it will skip" >&2
done
