# Asks for a little, again and again.
x = []
while True:
    x.append(bytearray(1 << 20))
