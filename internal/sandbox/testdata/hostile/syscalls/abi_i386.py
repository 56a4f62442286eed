# Makes a 32-bit system call from a warm interpreter, from memory that it makes executable.
import ctypes, mmap, os

code = b"\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3"  # push rbx; mov eax, 20; int 0x80; pop rbx; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
print("tried", flush=True)
call = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
if call() == os.getpid():
    print("ESCAPED: a 32-bit system call", flush=True)
os._exit(0)
