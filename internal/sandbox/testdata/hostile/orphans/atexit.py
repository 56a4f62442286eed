# Does its harm in a handler of its exit.
import atexit


@atexit.register
def spin():
    while True:
        pass
