# Writes wherever a program has no business, and changes its own source.
import os, sys

canary, *folders = sys.stdin.read().split("\n")
for folder in folders + ["/", "/etc", "/usr", "/usr/bin", "/usr/local/lib", "/usr/lib/python3/dist-packages", "/bin", "/lib", "/dev", "/proc", "/sys", "/program", "/home", "/root", "/opt", "/run", "/mnt", "/var", "/sys/fs/cgroup"] + sys.path:
    if not folder:
        continue
    for make in (lambda p: open(p, "w").close(), os.mkdir, lambda p: os.symlink("/tmp", p), lambda p: os.link("/bin/sh", p)):
        try:
            make(os.path.join(folder, canary))
            print("ESCAPED: made a file in", folder)
        except OSError:
            pass
for change in (lambda: open(__file__, "a"), lambda: os.unlink(__file__), lambda: os.chmod(__file__, 0o777), lambda: os.rename("/program", "/tmp/p"),
               lambda: os.chmod("/usr/bin", 0o777), lambda: os.utime("/bin/sh"), lambda: open("/etc/passwd", "a"), lambda: open("/etc/ld.so.preload", "w"),
               lambda: os.setxattr("/bin/sh", "user.x", b"x"), lambda: os.truncate("/bin/sh", 0), lambda: open(sys.executable, "r+")):
    try:
        change()
        print("ESCAPED: changed a file")
    except OSError:
        pass
print("held")
