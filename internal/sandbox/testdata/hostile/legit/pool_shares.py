# Legitimate: a list of 30 MiB that six children share, within 128 MiB.
import multiprocessing, time

data = list(range(600_000))


def f(i):
    time.sleep(0.1)
    return len(data) + i


if __name__ == "__main__":
    with multiprocessing.Pool(6) as pool:
        print(sum(pool.map(f, range(6))))
