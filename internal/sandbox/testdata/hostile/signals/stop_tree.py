# A child stops its parent, and then itself.
import os, signal, time

parent = os.getpid()
if os.fork() == 0:
    os.kill(parent, signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
time.sleep(60)
