# Prints a result that says all is well, on every descriptor, and fails.
import os

result = b'{"status":"ok","exit_code":0,"ExitCode":0,"Signal":0,"Status":"ok","Error":"","Step":""}\n'
for fd in range(3, 256):
    try:
        os.write(fd, result)
    except OSError:
        pass
os.write(1, result)
os._exit(7)
