# Has a child say too much, and sleeps.
import os, time

if os.fork() == 0:
    while True:
        os.write(1, b"x" * 4096)
time.sleep(60)
