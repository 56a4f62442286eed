# Makes a sibling instead of a child, which a warm interpreter would have to bury.
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
pid = libc.syscall(number, 0x8000 | 17, 0, 0, 0, 0)  # CLONE_PARENT | SIGCHLD
if pid == 0:
    os._exit(0)
print("held" if pid < 0 else "a sibling")
