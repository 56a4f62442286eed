# The same from a warm interpreter, by number: bpf, perf_event_open, userfaultfd, io_uring_setup, keys.
import ctypes, platform

libc = ctypes.CDLL(None)
libc.syscall.restype = ctypes.c_long
if platform.machine() == "x86_64":
    zero = ctypes.create_string_buffer(256)
    event = ctypes.create_string_buffer(b"\x01\x00\x00\x00\x80\x00\x00\x00\x01" + bytes(31) + b"\x60" + bytes(87), 128)
    attr = ctypes.create_string_buffer(b"\x02\0\0\0\x04\0\0\0\x04\0\0\0\x01\0\0\0" + bytes(100), 116)
    for name, args in {"bpf": (321, 0, attr, 116), "perf_event_open": (298, event, 0, -1, -1, 0), "userfaultfd": (323, 0x80001), "io_uring_setup": (425, 1, zero),
                       "add_key": (248, b"user", b"evalr", b"x", 1, -4), "keyctl": (250, 1, 0), "request_key": (249, b"user", b"evalr", None, -4), "syslog": (103, 3, zero, 256),
                       "kcmp": (312, 1, 1, 0, 0, 0), "open_tree": (428, -100, b"/usr", 1), "fsopen": (430, b"tmpfs", 0)}.items():
        if libc.syscall(*args) >= 0:
            print("ESCAPED:", name)
print("held")
