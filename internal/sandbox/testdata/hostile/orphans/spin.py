# Answers and ends; four children go on computing.
import os

for _ in range(4):
    if os.fork() == 0:
        while True:
            pass
print("done")
