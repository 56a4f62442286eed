# Leaves System V and POSIX objects of the kernel; run again, it finds those of an earlier run.
import ctypes

libc = ctypes.CDLL(None)
KEY, CREATE, EXCLUSIVE = 0x6576, 0o1000, 0o2000
for name, make, find in (("shared memory", lambda f: libc.shmget(KEY, 4096, f | 0o666), lambda: libc.shmget(KEY, 0, 0)),
                         ("semaphores", lambda f: libc.semget(KEY, 1, f | 0o666), lambda: libc.semget(KEY, 0, 0)),
                         ("messages", lambda f: libc.msgget(KEY, f | 0o666), lambda: libc.msgget(KEY, 0))):
    if find() >= 0:
        print("ESCAPED:", name, "of another program")
    make(CREATE | EXCLUSIVE)
try:
    mq = libc.mq_open
except AttributeError:
    mq = ctypes.CDLL("librt.so.1").mq_open
if mq(b"/left", 2, 0, None) >= 0:
    print("ESCAPED: a queue of another program")
mq(b"/left", 0o102, 0o666, None)
print("held")
