# The same families from a warm interpreter: AF_VSOCK, AF_NETLINK, AF_PACKET, AF_ALG, raw.
import socket, sys

port = int(sys.stdin.read() or 0)
for family, kind, to in ((40, 1, (1, port)), (40, 1, (2, port)), (16, 3, None), (17, 3, None), (38, 5, None), (2, 3, None), (15, 3, None), (44, 3, None), (29, 3, None)):
    try:
        with socket.socket(family, kind) as s:
            print("ESCAPED: a socket of family", family)
            if to:
                s.connect(to)
                print("ESCAPED: connected")
    except OSError:
        pass
print("held")
