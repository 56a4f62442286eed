# Asks for everything at once.
x = bytearray(900 << 20)
print("ESCAPED: 900 MiB", len(x))
