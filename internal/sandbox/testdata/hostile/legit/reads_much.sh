# Legitimate but for its exit code: reads more of /usr than its memory holds.
head -c 200000000 /usr/lib/x86_64-linux-gnu/*.so* >/dev/null 2>&1
cat /usr/bin/* 2>/dev/null | head -c 300000000 >/dev/null
exit 3
