#!/usr/bin/env bash
# Installs what this machine lacks for building, running and testing evalr: by
# apt-get when root, else it prints the one command. Silent when all is there.
# Further commands that the caller needs are its arguments.
set -euo pipefail

command -v go >/dev/null || {
  echo "Go is missing: https://go.dev/doc/install" >&2
  exit 1
}

missing=()
for tool in git python3 "$@"; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
if [[ " ${missing[*]} " == *" gcc "* ]]; then missing+=(libc6-dev); fi
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]}; install with: sudo apt-get install -y ${missing[*]}" >&2
  exit 1
fi
echo "installing ${missing[*]}" >&2
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
