# Calls a program that waits beside it, by its abstract name.
import socket, time

end = time.monotonic() + 0.8
while time.monotonic() < end:
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.connect("\0meet")
            print("ESCAPED: reached a program beside")
            break
    except OSError:
        time.sleep(0.01)
print("held")
