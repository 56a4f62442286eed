# Walks up the stack and through the collector, for what a harness that holds this interpreter knows.
import gc, os, sys, types

word = sys.stdin.readline().strip()
below = sys._getframe().f_back
while below is not None:
    seen = {} if below.f_globals is globals() else below.f_globals
    for name, value in {**seen, **below.f_locals}.items():
        if value is not globals() and value is not word and word in repr(value):
            print("ESCAPED: a secret in", name)
        if type(value) is int and value > 2 and name != "fd":
            try:
                os.fstat(value)
                print("ESCAPED: a descriptor in", name)
            except OSError:
                pass
    below = below.f_back
for o in gc.get_objects():
    if type(o).__name__ == "socket" or isinstance(o, types.TracebackType):
        print("ESCAPED: an object of the harness:", type(o).__name__)
print("held")
