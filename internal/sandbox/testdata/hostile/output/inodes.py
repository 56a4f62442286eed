# Makes empty files until it is refused.
import os

n = 0
try:
    while n < 150_000:
        os.close(os.open(f"/tmp/{n}", os.O_CREAT | os.O_WRONLY))
        n += 1
except OSError:
    pass
print("ESCAPED: 150000 files" if n == 150_000 else "held")
