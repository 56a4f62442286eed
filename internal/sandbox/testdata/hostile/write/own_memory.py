# Overwrites the code of its own interpreter in memory: pages that others may share must be its own.
import ctypes, os

libc = ctypes.CDLL(None)
address = ctypes.cast(libc.getppid, ctypes.c_void_p).value
try:
    with open("/proc/self/mem", "r+b", buffering=0) as mem:
        mem.seek(address)
        mem.write(b"\xb8\x2a\x00\x00\x00\xc3")  # mov eax, 42; ret
    print("written", libc.getppid())
except OSError:
    print("refused")
