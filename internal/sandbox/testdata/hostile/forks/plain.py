# Forks until the system refuses, each child waiting; counts how far it came.
import os, signal

n = 0
try:
    while n < 400:
        if os.fork() == 0:
            while True:
                signal.pause()
        n += 1
except OSError:
    pass
print("ESCAPED: 200 children" if n > 200 else "held")
