# Reaches for a process of the host by its number.
import ctypes, os, signal, sys

pid = int(sys.stdin.read())
libc = ctypes.CDLL(None)
for name, reach in (("signal", lambda: os.kill(pid, signal.SIGKILL)), ("group", lambda: os.killpg(pid, signal.SIGKILL)), ("pidfd", lambda: os.pidfd_open(pid)),
                    ("priority", lambda: os.setpriority(os.PRIO_PROCESS, pid, 19)), ("affinity", lambda: os.sched_setaffinity(pid, {0})),
                    ("proc", lambda: open(f"/proc/{pid}/cmdline").close()), ("session", lambda: os.getsid(pid))):
    try:
        reach()
        print("ESCAPED: reached it by", name)
    except OSError:
        pass
print("held")
