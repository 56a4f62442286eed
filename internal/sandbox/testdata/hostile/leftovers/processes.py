# Leaves a process that speaks to whoever comes next, if it can.
import os, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import ctypes

        ctypes.CDLL(None).prctl(15, b"left-over", 0, 0, 0)
        while True:
            try:
                open("/tmp/left-over", "w").close()
            except OSError:
                pass
            time.sleep(0.01)
    os._exit(0)
os.wait()
print("left")
