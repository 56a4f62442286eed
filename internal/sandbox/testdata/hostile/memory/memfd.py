# Fills files that lie in memory alone and are mapped nowhere.
import os

block, got, files = b"x" * (1 << 20), 0, []
try:
    while got < 512 << 20:
        files.append(os.memfd_create("m"))
        for _ in range(16):
            got += os.write(files[-1], block)
except (OSError, MemoryError):
    pass
print("ESCAPED: 400 MiB" if got > 400 << 20 else "held")
