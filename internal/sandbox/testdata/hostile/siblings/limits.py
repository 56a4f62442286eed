# Takes time and descriptors from its parent and from pid 1 by limits on them.
import os, resource

for pid in {1, os.getppid()} - {0}:
    for what, value in ((resource.RLIMIT_CPU, (0, 0)), (resource.RLIMIT_NOFILE, (0, 0)), (resource.RLIMIT_FSIZE, (0, 0))):
        try:
            resource.prlimit(pid, what, value)
            print("ESCAPED: a limit on", "pid 1" if pid == 1 else "a parent")
        except OSError:
            pass
print("held")
