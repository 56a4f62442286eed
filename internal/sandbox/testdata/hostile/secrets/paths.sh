# Reads files of the host by name, through other roots and by links.
while read -r name; do
  for way in "$name" "/proc/1/root$name" "/proc/$PPID/root$name" "/proc/self/root$name" "../../../../..$name" "/proc/1/cwd$name"; do
    text=$(cat -- "$way" 2>/dev/null) && [ -n "$text" ] && echo "ESCAPED: read a secret"
  done
done
echo held
