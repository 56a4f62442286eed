# Looks for descriptors that the harness left open.
import os

for fd in range(3, 4096):
    try:
        os.fstat(fd)
    except OSError:
        continue
    print("ESCAPED: descriptor", fd, os.readlink(f"/proc/self/fd/{fd}"))
print("held")
