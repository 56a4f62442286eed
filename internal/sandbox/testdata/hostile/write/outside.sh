# Writes outside with the commands of the system.
read -r canary
read -r folder
for at in / /etc /usr /usr/bin /program /dev /run "$folder"; do
  touch "$at/$canary" 2>/dev/null && echo "ESCAPED: touched in $at"
  mkdir "$at/$canary" 2>/dev/null && echo "ESCAPED: made a folder in $at"
  ln /bin/sh "$at/$canary" 2>/dev/null && echo "ESCAPED: linked in $at"
done
ln /usr/bin/su /tmp/su 2>/dev/null && echo "ESCAPED: linked a set-uid file"
mount -o remount,rw / 2>/dev/null && echo "ESCAPED: remounted"
cp /bin/true /tmp/root && chmod 6755 /tmp/root && [ "$(stat -c %u /tmp/root)" = 0 ] && [ "$(id -u)" != 0 ] && echo "ESCAPED: made a set-uid file of root's"
echo held
