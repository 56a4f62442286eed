# What a program may ask of its interpreter: warm and cold must give the same answers.
import __main__, inspect, os, pickle, signal, sys, traceback


class Point:
    def __init__(self, x):
        self.x = x


print(__name__, __file__, sys.argv, sys.path[0], os.getcwd(), __builtins__.__name__, __doc__)
print(sorted(n for n in globals() if n.startswith("__")))
print(__main__ is sys.modules["__main__"], pickle.loads(pickle.dumps(Point(5))).x, inspect.getsource(Point).count("\n"))
print(sys.stdin.encoding, sys.stdin.errors, sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors, sys.stdout.line_buffering, sys.stdin.fileno(), sys.stdout.isatty())
print(sys.flags, sys.dont_write_bytecode, sys.getrecursionlimit(), sys.orig_argv[-1], sys.executable == os.path.realpath("/proc/self/exe"))
print(hash("a"), sorted(os.environ.items()), signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGPIPE))
try:
    raise ValueError("seen")
except ValueError:
    print(traceback.format_exc())
print(sys.stdin.readline().strip(), input(), sys.stdin.read())
