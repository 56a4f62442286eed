# The same from a warm interpreter, whose parent has the same layout: reads at an address of its own.
import ctypes, os

libc = ctypes.CDLL(None)


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


here = ctypes.create_string_buffer(16)
for pid in {1, os.getppid()} - {0}:
    local, remote = Iovec(ctypes.addressof(here), 8), Iovec(id(None), 8)
    if libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
        print("ESCAPED: memory of", "pid 1" if pid == 1 else "a parent")
    handle = libc.syscall(434, pid, 0)
    for fd in range(16):
        if handle >= 0 and libc.syscall(438, handle, fd, 0) >= 0:
            print("ESCAPED: descriptor", fd, "of", "pid 1" if pid == 1 else "a parent")
    if libc.ptrace(16, pid, 0, 0) == 0:
        print("ESCAPED: traces", pid)
print("held")
