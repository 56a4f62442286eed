# Kills everything that it can reach.
trap '' HUP INT TERM
kill -STOP -1 2>/dev/null
kill -KILL -1 2>/dev/null
kill -KILL 1 $PPID 2>/dev/null
echo held
