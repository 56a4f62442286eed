# Makes devices, and opens them.
import os, stat

for kind, major, minor in ((stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 1, 11), (stat.S_IFCHR, 5, 1), (stat.S_IFBLK, 8, 0), (stat.S_IFBLK, 254, 0), (stat.S_IFCHR, 10, 229)):
    for at in ("/tmp/device", "/dev/shm/device"):
        try:
            os.mknod(at, kind | 0o666, os.makedev(major, minor))
        except OSError:
            continue
        print("ESCAPED: made device", major, minor)
        os.unlink(at)
print("held")
