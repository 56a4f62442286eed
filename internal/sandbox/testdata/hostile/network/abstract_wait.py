# Waits under an abstract name for a program that runs beside it.
import socket

with socket.socket(socket.AF_UNIX) as s:
    s.settimeout(1.2)
    s.bind("\0meet")
    s.listen()
    try:
        s.accept()
        print("ESCAPED: a program beside came in")
    except TimeoutError:
        print("held")
