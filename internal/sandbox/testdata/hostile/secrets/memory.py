# Reads and writes the memory of its parent and of pid 1.
import os

for pid in {1, os.getppid()} - {0, os.getpid()}:
    try:
        lines = open(f"/proc/{pid}/maps").read().splitlines()
        start = int(lines[0].split("-")[0], 16)
    except (OSError, IndexError):
        start = id(os)
    try:
        fd = os.open(f"/proc/{pid}/mem", os.O_RDWR)
        if os.pread(fd, 16, start):
            print("ESCAPED: memory of process", "1" if pid == 1 else "above")
    except OSError:
        pass
print("held")
