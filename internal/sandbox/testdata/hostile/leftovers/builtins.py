# Changes the interpreter itself: a warm one must not keep it.
import atexit, builtins, gc, io, json, os, random, signal, sys, threading

builtins.print, real = (lambda *a, **k: real("ESCAPED: another program's print")), print
builtins.left_over = "left" + "-over"
sys.left_over = builtins.left_over
sys.modules["json"].loads = lambda s: "left-over"
sys.modules["left_over"] = type(sys)("left_over")
sys.path.insert(0, "/tmp/left-over")
sys.argv.append("left-over")
sys.setrecursionlimit(77)
sys.settrace(lambda *a: None)
sys.setswitchinterval(1)
sys.excepthook = lambda *a: os._exit(0)
os.environ["LEFT_OVER"] = "left-over"
os.chdir("/")
os.umask(0o777)
os.nice(5)
random.seed(1)
gc.disable()
gc.set_threshold(1)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGALRM})
io.open = None
threading.stack_size(1 << 20)
int.__init_subclass__
atexit.register(lambda: None)
real("left")
