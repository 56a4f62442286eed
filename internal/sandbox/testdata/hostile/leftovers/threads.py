# Counts threads and children: a new interpreter has one and none.
import os, threading

tasks = len(os.listdir("/proc/self/task"))
if threading.active_count() != 1 or tasks != 1:
    print("ESCAPED: threads", threading.active_count(), tasks)
try:
    os.waitpid(-1, os.WNOHANG)
    print("ESCAPED: children")
except ChildProcessError:
    pass
if threading.main_thread() is not threading.current_thread():
    print("ESCAPED: another thread is the main one")
print("held")
