# Sends datagrams to the host and asks for a name.
import socket, sys

port = int(sys.stdin.read())
for family, to in ((socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET6, ("::1", port)), (socket.AF_INET, ("8.8.8.8", 53)), (socket.AF_INET, ("255.255.255.255", port))):
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            s.sendto(b"x", to)
            print("ESCAPED: sent to", to[0])
    except OSError:
        pass
try:
    print("ESCAPED: resolved", socket.getaddrinfo("example.com", 80)[0][4][0])
except OSError:
    pass
print("held")
