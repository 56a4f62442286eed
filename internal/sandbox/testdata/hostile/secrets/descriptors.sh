# Looks for descriptors that the harness left open; the shell has its script at 255.
for fd in /proc/$$/fd/*; do
  case ${fd##*/} in 0 | 1 | 2) ;; *) [ "$(readlink "$fd")" = "$(readlink -f "$0")" ] || [ ! -e "$fd" ] || echo "ESCAPED: descriptor ${fd##*/}" ;; esac
done
echo held
