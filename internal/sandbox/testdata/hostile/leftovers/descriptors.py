# Lists its descriptors: the standard three, and the one that lists.
import os

with os.scandir("/proc/self/fd") as it:
    fds = sorted(int(e.name) for e in it)
print("held" if fds == [0, 1, 2, 3] else f"ESCAPED: descriptors {fds}")
