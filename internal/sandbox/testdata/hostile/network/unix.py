# Connects to sockets of the host, by path and by abstract name.
import socket, sys

path, abstract = sys.stdin.read().split("\n")[:2]
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    for name in (path, "/proc/1/root" + path, "\0" + abstract, "/var/run/docker.sock", "/run/systemd/private", "/run/dbus/system_bus_socket"):
        try:
            with socket.socket(socket.AF_UNIX, kind) as s:
                s.connect(name)
                print("ESCAPED: connected to", repr(name[:1]))
        except OSError:
            pass
print("held")
