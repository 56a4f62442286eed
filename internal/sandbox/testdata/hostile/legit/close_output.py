# Closes its output early, and works on for a while.
import os, time

os.write(1, b"first\n")
os.close(1)
os.close(2)
time.sleep(0.2)
os._exit(3)
