# Runs after builtins: is the interpreter as new?
import builtins, gc, io, json, os, resource, signal, sys, threading

seen = []
for name, bad in (("builtins", hasattr(builtins, "left_over")), ("sys", hasattr(sys, "left_over")), ("modules", "left_over" in sys.modules),
                  ("json", json.loads("[1]") != [1]), ("path", "/tmp/left-over" in sys.path), ("argv", len(sys.argv) != 1), ("recursion", sys.getrecursionlimit() != 1000),
                  ("trace", sys.gettrace() is not None), ("hook", sys.excepthook is not sys.__excepthook__), ("environment", "LEFT_OVER" in os.environ),
                  ("folder", os.getcwd() != "/tmp"), ("umask", os.umask(0o22) == 0o777), ("nice", os.nice(0) != 0), ("collector", not gc.isenabled() or gc.get_threshold()[0] == 1),
                  ("handlers", signal.getsignal(signal.SIGTERM) != signal.SIG_DFL), ("mask", signal.pthread_sigmask(signal.SIG_BLOCK, ())), ("io", io.open is None),
                  ("stacks", threading.stack_size() != 0), ("objects", any(o == "left" + "-over" for o in gc.get_objects() if isinstance(o, str)))):
    if bad:
        print("ESCAPED:", name)
print("held")
