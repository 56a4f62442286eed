# Says too much, and goes on when nobody listens.
import os, signal

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
while True:
    try:
        os.write(1, b"x" * 65536)
    except OSError:
        pass
