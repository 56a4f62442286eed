# A pool, a lock, a queue, a value and shared memory of processes.
import multiprocessing as mp
from multiprocessing import shared_memory


def add(lock, total, queue, name):
    with lock:
        total.value += 1
        block = shared_memory.SharedMemory(name=name)
        block.buf[total.value] = total.value
        block.close()
        queue.put(total.value)


def square(x):
    return x * x


if __name__ == "__main__":
    with mp.Pool(3) as pool:
        print(pool.map(square, range(5)))
    lock, total, queue = mp.Lock(), mp.Value("i", 0), mp.Queue()
    block = shared_memory.SharedMemory(create=True, size=16)
    workers = [mp.Process(target=add, args=(lock, total, queue, block.name)) for _ in range(3)]
    for w in workers:
        w.start()
    print(sorted(queue.get() for _ in workers))
    for w in workers:
        w.join()
    print(bytes(block.buf[:4]), total.value)
    block.close()
    block.unlink()
