# Reads back its own output before whoever is to read it, through /proc.
import os

print("word", flush=True)
try:
    fd = os.open("/proc/self/fd/1", os.O_RDONLY | os.O_NONBLOCK)
    os.read(fd, 100)
except OSError:
    pass
os._exit(0)
