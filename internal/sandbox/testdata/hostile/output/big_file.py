# Writes a file past the limit of a file.
n = 0
try:
    with open("/tmp/big", "wb", buffering=0) as f:
        while n < 200 << 20:
            n += f.write(b"x" * (1 << 20))
except OSError:
    pass
print("ESCAPED: 200 MiB" if n >= 200 << 20 else "held")
