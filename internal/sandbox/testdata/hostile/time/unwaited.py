# Lets children spin that nobody waits for: their time is the program's.
import os, time

for _ in range(2):
    if os.fork() == 0:
        while True:
            pass
time.sleep(2.5)
print("late")
