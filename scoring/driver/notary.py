# Runs in the sandbox, apart from the answer: hands over tests that must share
# the answer's process, but not before the answer was loaded, and takes down what
# that process says at their end.


def main():
    parts = []
    while part := os.read(0, 1 << 20):
        parts.append(part)
    said = b"unstarted"
    try:
        read(3, 1)  # the driver of the answer has started
        said = b""
        first = read(3, 1)
        if first == b"r":  # the answer was loaded
            send(3, b"".join(parts))
            said = receive(3)
        else:
            said = read(3, int.from_bytes(first + read(3, 3), "big") % 4096)
    except (EOFError, OSError, ValueError):
        pass
    os.write(1, said[:4096])


main()
