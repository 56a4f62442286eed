# Sleeps while a child computes.
import os

if os.fork() == 0:
    while True:
        pass
os.wait()
