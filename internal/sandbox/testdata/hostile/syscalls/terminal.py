# Pushes characters into whatever terminal it can get hold of.
import fcntl, os, termios

for what in (0, 1, 2, "/dev/tty", "/dev/ptmx", "/dev/pts/0", "/dev/console"):
    try:
        fd = what if isinstance(what, int) else os.open(what, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        continue
    for request, arg in ((termios.TIOCSTI, b"x"), (0x541C, b"\x03\0"), (termios.TIOCSCTTY, 1)):
        try:
            fcntl.ioctl(fd, request, arg)
            print("ESCAPED: ioctl", hex(request), "on", what)
        except OSError:
            pass
print("held")
