# Walks up the stack and through the collector, for objects of a harness that holds this interpreter.
import gc, sys, types

below = sys._getframe().f_back
while below is not None:
    if not below.f_globals.get("__name__", "").startswith(("runpy", "importlib")):
        print("ESCAPED: a frame of", below.f_code.co_name, "below main")
    below = below.f_back
for o in gc.get_objects():
    if type(o).__name__ == "socket" or isinstance(o, types.TracebackType):
        print("ESCAPED: an object of the harness:", type(o).__name__)
print("held")
