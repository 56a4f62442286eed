# Recurses deeply in a thread with a stack of 128 MiB.
import sys, threading

sys.setrecursionlimit(60000)
threading.stack_size(128 << 20)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


t = threading.Thread(target=lambda: print(depth(int(input()))))
t.start()
t.join()
