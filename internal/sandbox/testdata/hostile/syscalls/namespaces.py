# Makes namespaces from a warm interpreter.
import ctypes, os

libc = ctypes.CDLL(None)
for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x02000000, 0x80):
    for flags in (flag, flag | 0x10000000):
        if libc.unshare(flags) == 0:
            print("ESCAPED: unshare", hex(flags))
for name in os.listdir("/proc/self/ns"):
    for pid in (1, os.getppid()):
        try:
            fd = os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY)
        except OSError:
            continue
        if libc.setns(fd, 0) == 0:
            print("ESCAPED: entered", name)
print("held")
