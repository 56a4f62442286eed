# Handlers of signals, an alarm, and then the signal that it reads, with its default action.
import os, signal, time

seen = []
for s in (signal.SIGALRM, signal.SIGUSR1, signal.SIGTERM, signal.SIGCHLD):
    signal.signal(s, lambda n, f: seen.append(signal.Signals(n).name))
signal.setitimer(signal.ITIMER_REAL, 0.05)
os.kill(os.getpid(), signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGTERM)
while "SIGALRM" not in seen:
    time.sleep(0.01)
print(sorted(seen), flush=True)
last = getattr(signal, input())
if last != signal.SIGKILL:
    signal.signal(last, signal.SIG_DFL)
os.kill(os.getpid(), last)
