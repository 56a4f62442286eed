# Looks through everything that /proc tells of other processes.
import glob, os, sys

word = sys.stdin.read().strip()[::-1].encode()
mine = str(os.getpid())
for path in glob.glob("/proc/[0-9]*"):
    if path.endswith("/" + mine):
        continue
    for name in ("environ", "cmdline", "comm", "maps", "stack", "syscall", "io", "wchan"):
        try:
            if word in open(path + "/" + name, "rb").read():
                print("ESCAPED: a secret in", name)
        except OSError:
            pass
    for fd in glob.glob(path + "/fd/*"):
        try:
            os.open(fd, os.O_RDWR | os.O_NONBLOCK)
            print("ESCAPED: a descriptor of another process")
        except OSError:
            pass
print("held")
