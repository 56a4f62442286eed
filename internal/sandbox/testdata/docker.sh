#!/bin/sh
# A stand-in for the client of an engine: it holds the server of the sandbox in
# bubblewrap. EVALR_FAKE is a folder for what it keeps; a file in there that is
# called "broken" makes it an engine that does not run. It needs
# root, to have two users in a container.
set -eu
echo "$*" >>"$EVALR_FAKE/log"
if [ -e "$EVALR_FAKE/broken" ]; then
  echo "Cannot connect to the daemon" >&2
  exit 1
fi
case "$1" in
version) echo 0.0-fake; exit ;;
info) echo '{"runc":{"path":"runc"}}'; exit ;;
image) [ "$5" = fake:1 ] || { echo 'Error response from daemon: No such object' >&2; exit 1; }; exit ;;
pull) exit ;;
rm) kill -9 "$(cat "$EVALR_FAKE/$3")" 2>/dev/null || true; exit ;;
run) shift ;;
*) exit 125 ;;
esac
set -- "$@" end
mounts= name= entrypoint=
while :; do
  case "$1" in
  --rm|-i|--read-only|--init=*) shift ;;
  -v)
    rest=${2#*:}
    dir=$(dirname "${rest%%:*}") above=
    while [ "$dir" != / ]; do above=" --dir $dir$above" dir=$(dirname "$dir"); done
    mounts="$mounts$above --ro-bind ${2%%:*} ${rest%%:*}"
    shift 2 ;;
  --name) name=$2; shift 2 ;;
  --entrypoint) entrypoint=$2; shift 2 ;;
  -*) shift 2 ;;
  *) break ;;
  esac
done
echo $$ >"$EVALR_FAKE/$name"
user="--cap-drop ALL --cap-add CAP_SETUID --cap-add CAP_SETGID --cap-add CAP_KILL --cap-add CAP_DAC_OVERRIDE --cap-add CAP_FOWNER"
# shellcheck disable=SC2086
exec bwrap $user --unshare-pid --unshare-net --unshare-ipc --die-with-parent --as-pid-1 --clearenv \
  --ro-bind /usr /usr --ro-bind-try /bin /bin --ro-bind-try /lib /lib --ro-bind-try /lib64 /lib64 --dir /etc \
  --ro-bind-try /etc/alternatives /etc/alternatives --ro-bind-try /etc/java-17-openjdk /etc/java-17-openjdk \
  --proc /proc --dev /dev --perms 1777 --tmpfs /dev/shm --perms 1777 --tmpfs /tmp --perms 0755 --tmpfs /program $mounts \
  --remount-ro /dev --remount-ro / -- "$entrypoint" "$2"
