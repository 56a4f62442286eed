# Sends every signal to its parent and to pid 1, then goes on living.
import os, time

for s in list(range(1, 65)):
    for pid in {os.getppid(), 1}:
        try:
            os.kill(pid, s)
        except OSError:
            pass
time.sleep(0.1)
print("held")
