# Twelve processes, each modest, together far too much.
import os, time

for _ in range(12):
    if os.fork() == 0:
        x = bytearray(b"x" * (24 << 20))
        time.sleep(30)
        os._exit(0)
os.wait()
