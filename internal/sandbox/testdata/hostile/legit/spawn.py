# Processes that are started anew, and import this file.
import concurrent.futures, multiprocessing as mp


def cube(x):
    return x**3


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=mp.get_context("spawn")) as pool:
        print(list(pool.map(cube, range(4))))
