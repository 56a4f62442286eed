# Sets flags on the descriptors that it shares with whoever reads them, and floods them.
import fcntl, os

for fd in (0, 1, 2):
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
    try:
        fcntl.fcntl(fd, 1031, 4096)
    except OSError:
        pass
while True:
    try:
        os.write(1, b"x" * 4096)
    except BlockingIOError:
        pass
