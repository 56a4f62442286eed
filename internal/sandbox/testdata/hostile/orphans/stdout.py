# Answers and ends; a child keeps standard output and error open.
import os, time

if os.fork() == 0:
    os.setsid()
    time.sleep(60)
    os._exit(0)
print("done")
