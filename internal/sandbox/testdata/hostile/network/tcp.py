# Connects to the host by every address that may be its own.
import socket, sys

port4, port6 = map(int, sys.stdin.read().split())
for family, host, port in ((socket.AF_INET, "127.0.0.1", port4), (socket.AF_INET, "0.0.0.0", port4), (socket.AF_INET, "10.0.2.2", port4), (socket.AF_INET, "172.17.0.1", port4),
                           (socket.AF_INET6, "::1", port6), (socket.AF_INET6, "::ffff:127.0.0.1", port4), (socket.AF_INET6, "::", port6)):
    try:
        with socket.socket(family) as s:
            s.settimeout(0.2)
            s.connect((host, port))
            print("ESCAPED: connected to", host)
    except OSError:
        pass
print("held")
