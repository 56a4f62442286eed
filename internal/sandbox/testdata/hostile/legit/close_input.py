# Closes its input in the middle, and goes on.
import os, time

os.read(0, 10)
os.close(0)
time.sleep(0.1)
print("went on")
