# Starts threads until the system refuses.
import os, threading, time

n = 0
threading.stack_size(64 << 10)
try:
    while n < 1000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        n += 1
except RuntimeError:
    pass
print("ESCAPED: 500 threads" if n > 500 else "held", flush=True)
os._exit(0)
