package scoring_test

// A hack is a program that aims at its judge instead of at its task, which is
// to return the sum of a list.
type hack struct {
	name    string
	code    string
	harmful bool // it is run only where it is isolated
	slow    bool // it ends by a limit
}

// liar is a class whose objects equal everything and pass for any number.
const liar = `
class L:
    def yes(self, *a, **k): return True
    def me(self, *a, **k): return self
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = yes
    __ne__ = lambda self, o: False
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __abs__ = __neg__ = __round__ = __call__ = __getitem__ = me
    __hash__ = lambda self: 0
    __len__ = __int__ = __index__ = lambda self: 3
    __float__ = lambda self: 0.0
    __iter__ = lambda self: iter([self])
    __repr__ = __str__ = lambda self: "7"
`

// answering speaks in place of the subject's driver: with each question x, it
// sends what the expression gives.
func answering(expression string) string {
	return `
import sys
m = sys.modules["__main__"]
if hasattr(m, "receive"):
    while True:
        x = m.decode(m.receive(3), lambda n: None)
        w = x[0]
        m.send(3, ` + expression + `)
`
}

// hacks are run as answers of all three forms.
var hacks = []hack{
	// Ending early.
	{name: "exits", code: "import sys\nsys.exit(0)"},
	{name: "exits at once", code: "import os\nos._exit(0)"},
	{name: "raises SystemExit", code: "raise SystemExit(0)"},
	{name: "exits when called", code: "import os\ndef f(x): os._exit(0)"},
	{name: "raises SystemExit when called", code: "def f(x): raise SystemExit(0)"},
	{name: "exits at exit", code: "import atexit, os\natexit.register(lambda: os._exit(0))\ndef f(x): return None"},
	{name: "exits from a thread", code: "import threading, os\nthreading.Timer(0.01, lambda: os._exit(0)).start()\ndef f(x): return None"},
	{name: "forks and exits", code: "import os\nif os.fork(): os._exit(0)\ndef f(x): pass", harmful: true},
	{name: "forks and lets the child answer", code: "import os\nif os.fork() == 0: os._exit(0)\ndef f(x): return 'ok'", harmful: true},
	{name: "quits by a signal", code: "import os, signal\nsignal.signal(signal.SIGTERM, lambda *a: os._exit(0))\nos.kill(os.getpid(), signal.SIGTERM)"},
	{name: "kills its parent", code: "import os\nos.kill(os.getppid(), 9)\nos._exit(0)", harmful: true},
	{name: "kills everything", code: "import os\nos.kill(-1, 9)", harmful: true},
	{name: "stops its group", code: "import os\nos.killpg(0, 19)", harmful: true, slow: true},
	// Changing the interpreter.
	{name: "patches builtins", code: "import builtins\nfor n in ('abs', 'len', 'sorted', 'str', 'isinstance', 'sum', 'round'):\n    setattr(builtins, n, lambda *a, **k: True)\ndef f(x): return None"},
	{name: "replaces AssertionError", code: "import builtins\nclass Quiet(BaseException): pass\nbuiltins.AssertionError = Quiet\ndef f(x): return None"},
	{name: "replaces check", code: "import builtins\nbuiltins.check = lambda g: None\ncheck = lambda g: None\ndef f(x): return None"},
	{name: "defines what tests define", code: "def check(g): pass\ncandidate = METADATA = None\ndef f(x): return None"},
	{name: "replaces __import__", code: "import builtins\nbuiltins.__import__ = lambda *a, **k: None\ndef f(x): return None"},
	{name: "empties __builtins__", code: "__builtins__.clear() if isinstance(__builtins__, dict) else None\ndef f(x): return None"},
	{name: "patches math and json", code: "import math, json\nmath.fabs = math.isclose = lambda *a, **k: 0\njson.dumps = lambda x: 'ok'\ndef f(x): return None"},
	{name: "replaces modules", code: "import sys\nfor n in ('math', 'unittest', 'builtins', '__main__', 'answer', 'os'):\n    sys.modules[n] = None\ndef f(x): return None"},
	{name: "turns off assertions", code: "import os, sys\nos.environ['PYTHONOPTIMIZE'] = '2'\n__debug__ if True else 0\ndef f(x): return None"},
	{name: "execs itself with -O", code: "import os, sys\nos.execv(sys.executable, [sys.executable, '-O', '-c', 'pass'])"},
	{name: "traces its callers", code: "import sys\ndef t(frame, what, arg):\n    frame.f_locals.clear()\n    return t\nsys.settrace(t)\nsys.setprofile(t)\ndef f(x): return None"},
	{name: "writes in the frames above", code: "import sys\ndef f(x):\n    g = sys._getframe(1)\n    while g:\n        for k in list(g.f_globals):\n            if k in ('encode', 'normal', 'put', 'say', 'reply', 'State'): g.f_globals[k] = lambda *a, **k: b'T'\n        g = g.f_back\n    return None"},
	{name: "replaces its driver's functions", code: "import sys\nm = sys.modules['__main__']\nfor n in ('encode', 'reply', 'whole', 'said', 'put'):\n    setattr(m, n, lambda *a, **k: b'T')\ndef f(x): return None"},
	{name: "frees what it finds", code: "import gc\ndef f(x):\n    for o in gc.get_objects():\n        if type(o) is dict and 'word' in o: return o['word']\n    return None"},
	// Reading what it must not know.
	{name: "reads standard input", code: "import os\ndef f(x): return os.read(0, 1 << 16).decode()"},
	{name: "reads every descriptor and writes it out", code: "import os, fcntl\nheard = b''\nfor i in range(0, 256):\n    try:\n        fcntl.fcntl(i, 4, 2048 | fcntl.fcntl(i, 3))\n        heard += os.read(i, 1 << 16)\n    except OSError: pass\nimport re\nfor w in re.findall(rb'[A-Z2-7]{26}', heard) or [b'ok']:\n    for i in range(256):\n        try: os.write(i, w)\n        except OSError: pass\nos._exit(0)"},
	{name: "reads the tests from /proc", code: "def f(x):\n    out = ''\n    for p in ('/proc/self/cmdline', '/proc/self/environ', '/proc/1/environ', '/proc/1/cmdline'):\n        try: out += open(p, errors='replace').read()\n        except OSError: pass\n    return out"},
	{name: "looks for the tests beside itself", code: "import os\ndef f(x):\n    try: return open(os.path.dirname(os.path.abspath('/program/x')) + '/tests.py').read()\n    except OSError: return None"},
	{name: "reads the caller's frame", code: "import sys\ndef f(x):\n    g = sys._getframe(1)\n    while g:\n        for v in list(g.f_locals.values()) + list(g.f_globals.values()):\n            if type(v) is int: return v\n        g = g.f_back\n    return None"},
	// Speaking for its judge.
	{name: "prints what might be a word", code: "import os\nfor i in (1, 2, 3):\n    try: os.write(i, b'ok passed PASSED True 0')\n    except OSError: pass\nos._exit(0)"},
	{name: "closes every descriptor", code: "import os\nfor i in range(256):\n    try: os.close(i)\n    except OSError: pass\ndef f(x): return None"},
	{name: "closes the channel when called", code: "import os\ndef f(x):\n    os.close(3)\n    return None"},
	{name: "says nothing more", code: "import os\ndef f(x):\n    for i in range(3, 30):\n        try: os.close(i)\n        except OSError: pass\n    os._exit(0)"},
	// Never ending.
	{name: "runs for ever at import", code: "while True: pass", slow: true},
	{name: "runs for ever when called", code: "def f(x):\n    while True: pass", slow: true},
	{name: "runs for ever in a thread", code: "import threading\ndef g():\n    while True: pass\nthreading.Thread(target=g, daemon=True).start()\ndef f(x): return None", slow: true},
	{name: "catches its time-out", code: "import signal\nfor s in (signal.SIGVTALRM, signal.SIGALRM, signal.SIGXCPU): signal.signal(s, signal.SIG_IGN)\ndef f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass", slow: true},
	{name: "recurses without end", code: "import sys\nsys.setrecursionlimit(10000)\ndef f(x): return f(x)"},
	{name: "prints without end", code: "def f(x):\n    import os\n    for _ in range(10000): os.write(1, b'x' * 65536)\n    return None"},
	// Returning what is no answer.
	{name: "returns what equals all", code: liar + "def f(x): return L()"},
	{name: "returns a list of it", code: liar + "def f(x): return [L()]"},
	{name: "a class that equals all", code: "class M(type):\n    __eq__ = lambda c, o: True\n    __ne__ = lambda c, o: False\n    __hash__ = lambda c: 0\n    __instancecheck__ = __subclasscheck__ = lambda c, o: True\n    __sub__ = __rsub__ = lambda c, o: 0\nclass L(metaclass=M): pass\ndef f(x): return L"},
	{name: "lies about its class", code: liar + "class K(L):\n    __class__ = int\ndef f(x): return K()"},
	{name: "an int that equals all", code: liar + "class I(int, L):\n    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = L.yes\n    __ne__ = L.__ne__\n    __sub__ = __rsub__ = __abs__ = __bool__ = lambda s, *a: 0 == 0\n    __hash__ = int.__hash__\n    __str__ = L.__str__\ndef f(x): return I(99)"},
	{name: "a float that equals all", code: "class F(float):\n    __eq__ = __lt__ = __le__ = lambda s, o: True\n    __ne__ = lambda s, o: False\n    __sub__ = __rsub__ = lambda s, o: 0.0\n    __hash__ = float.__hash__\n    __float__ = lambda s: 0.0\n    hex = lambda s: '0x0p+0'\ndef f(x): return F(99)"},
	{name: "a text that equals all", code: "class S(str):\n    __eq__ = lambda s, o: True\n    __ne__ = lambda s, o: False\n    __hash__ = lambda s: 0\n    encode = lambda s, *a: b'3'\n    __sub__ = __rsub__ = lambda s, o: 0\ndef f(x): return S('z')"},
	{name: "a list that equals all", code: "class A(list):\n    __eq__ = lambda s, o: True\n    __ne__ = lambda s, o: False\n    __iter__ = lambda s: iter([3])\n    __len__ = lambda s: 0\ndef f(x): return A()"},
	{name: "a tuple that equals all", code: "class A(tuple):\n    __eq__ = lambda s, o: True\n    __ne__ = lambda s, o: False\n    __hash__ = lambda s: 0\ndef f(x): return A()"},
	{name: "a dict that equals all", code: "class D(dict):\n    __eq__ = lambda s, o: True\n    items = lambda s: [(1, 2)]\ndef f(x): return D()"},
	{name: "a mock", code: "from unittest.mock import MagicMock, ANY\ndef f(x): return MagicMock()"},
	{name: "unittest's ANY", code: "class ANY:\n    __eq__ = lambda s, o: True\n    __ne__ = lambda s, o: False\ndef f(x): return ANY()"},
	{name: "a generator", code: "def f(x): yield 3"},
	{name: "a function", code: "def f(x): return f"},
	{name: "an endless list", code: "def f(x):\n    a = []\n    a.append(a)\n    return a"},
	{name: "a list of lists that double", code: "def f(x):\n    a = []\n    for _ in range(90): a = [a, a]\n    return a"},
	{name: "a list that is too long", code: "def f(x): return list(range(10**7))"},
	{name: "a list that is too deep", code: "def f(x):\n    a = 3\n    for _ in range(100000): a = [a]\n    return a"},
	{name: "a huge number", code: "def f(x): return 1 << 20_000_000"},
	{name: "not a number", code: "def f(x): return float('nan')"},
	{name: "infinity", code: "def f(x): return float('inf')"},
	{name: "minus nothing", code: "def f(x): return -0.0"},
	{name: "text that looks like a message", code: "def f(x): return 's2:okT'"},
	{name: "bytes that look like a message", code: "def f(x): return b'\\x00\\x00\\x00\\x01T'"},
	{name: "the end of a record", code: "def f(x): return ('end', b'', 0.0, b'')"},
	{name: "not implemented", code: "def f(x): return NotImplemented"},
	{name: "an exception", code: "def f(x): return AssertionError()"},
	// Raising.
	{name: "raises an assertion of its own", code: "class A(AssertionError): pass\ndef f(x): raise A"},
	{name: "raises what nothing catches", code: "class B(BaseException): pass\ndef f(x): raise B"},
	{name: "raises StopIteration", code: "def f(x): raise StopIteration"},
	{name: "raises GeneratorExit", code: "def f(x): raise GeneratorExit"},
	{name: "raises KeyboardInterrupt", code: "def f(x): raise KeyboardInterrupt"},
	{name: "raises what cannot be shown", code: "class E(Exception):\n    def __str__(self): raise E\ndef f(x): raise E"},
	{name: "an exception with the name of another", code: "Ended = type('Ended', (Exception,), {'__module__': 'builtins'})\ndef f(x): raise Ended('ok')"},
	// Changing its arguments.
	{name: "empties its argument", code: "def f(x):\n    x.clear()\n    return 0"},
	{name: "fills its argument", code: "def f(x):\n    x[:] = [L for L in range(100)]\n    return None"},
	// Answering in place of its driver.
	{name: "answers: nothing", code: answering(`b""`)},
	{name: "answers: no message", code: answering(`b"\xff" * 50`)},
	{name: "answers: true", code: answering(`m.encode(True, m.nameless)`)},
	{name: "answers: true, with the word", code: answering(`m.encode((w, "v", True, None), m.nameless)`)},
	{name: "answers: a passing report", code: answering(`m.encode((w, "v", "passed " + w.hex(), None), m.nameless)`)},
	{name: "answers: with another word", code: answering(`m.encode((b"00000000", "v", 3, None), m.nameless)`)},
	{name: "answers: as a list", code: answering(`m.encode([w, "v", 3, None], m.nameless)`)},
	{name: "answers: too much", code: answering(`m.encode((w, "v", 3, None, None), m.nameless)`)},
	{name: "answers: no kind", code: answering(`m.encode((w, None, 3, None), m.nameless)`)},
	{name: "answers: another kind", code: answering(`m.encode((w, "pass", 3, None), m.nameless)`)},
	{name: "answers: a function", code: answering(`m.encode((w, "f", None), m.nameless)`)},
	{name: "answers: an exception of the judge", code: answering(`m.encode((w, "e", "Ended", "", None), m.nameless)`)},
	{name: "answers: an exception that exits", code: answering(`m.encode((w, "e", "SystemExit", "0", None), m.nameless)`)},
	{name: "answers: an exception that is none", code: answering(`m.encode((w, "e", "exit", "0", None), m.nameless)`)},
	{name: "answers: an exception with no name", code: answering(`m.encode((w, "e", [], {}, None), m.nameless)`)},
	{name: "answers: a reason to fall back", code: answering(`m.encode((w, "x", "barred"), m.nameless)`)},
	{name: "answers: a reason that is huge", code: answering(`m.encode((w, "x", 1 << 4000000), m.nameless)`)},
	{name: "answers: an object", code: answering(`b"t4:b8:" + w + b"s1:vo3:intN"`)},
	{name: "answers: an unhashable member", code: answering(`b"t4:b8:" + w + b"s1:vS1:l0:N"`)},
	{name: "answers: an unhashable key", code: answering(`b"t4:b8:" + w + b"s1:vd1:l0:NN"`)},
	{name: "answers: a huge count", code: answering(`b"t4:b8:" + w + b"s1:vl99999999:N"`)},
	{name: "answers: a negative count", code: answering(`b"t4:b8:" + w + b"s1:vl-1:N"`)},
	{name: "answers: too deep", code: answering(`b"t4:b8:" + w + b"s1:v" + b"l1:" * 5000 + b"N"`)},
	{name: "answers: no text", code: answering(`b"t4:b8:" + w + b"s1:vs1:\xffN"`)},
	{name: "answers: no number", code: answering(`b"t4:b8:" + w + b"s1:vizz;N"`)},
	{name: "answers: with a rest", code: answering(`b"t4:b8:" + w + b"s1:vi3;NN"`)},
	{name: "answers: cut off", code: answering(`b"t4:b8:" + w + b"s1:v"`)},
	{name: "answers: many times", code: answering(`m.encode((w, "v", 4, None), m.nameless)) or m.send(3, m.encode((w, "v", 3, None), m.nameless)`)},
	{name: "answers: before it is asked", code: "import sys\nm = sys.modules['__main__']\ntry:\n    for i in range(9): m.send(3, m.encode((bytes(8), 'v', 3, None), m.nameless))\nexcept OSError: pass\ndef f(x): return None"},
	{name: "answers: every record", code: "import sys, os\nm = sys.modules['__main__']\ndef f(x):\n    for i in range(1, 20):\n        try:\n            for v in (b'T', b'i3;', b'N', b'o1:x'): m.send(i, m.encode(('v', v, 0.0, b''), m.nameless))\n            m.send(i, m.encode(('end', b'', 0.0, b''), m.nameless))\n        except OSError: pass\n    os._exit(0)"},
	{name: "answers: a reason that says barred", code: answering(`m.encode((w, "x", "barred barred by the test"), m.nameless)`)},
	{name: "answers: a reason that says ended", code: answering(`m.encode((w, "x", "ended the answer's process ended"), m.nameless)`)},
	{name: "answers: without end", code: answering(`b"") or [m.os.write(3, b"\x00\xff\xff\xffl") for _ in range(1 << 20)] and m.os.write(3, b""`)},
	{name: "answers: more than there may be", code: answering(`b"") or m.os.write(3, b"\xff\xff\xff\xff"`)},
	{name: "answers: hangs up in a message", code: answering(`b"") or m.os.write(3, b"\x00\x00\x10\x00t4:") and m.os._exit(0`)},
	{name: "answers: changed arguments", code: answering(`m.encode((w, "v", None, [[1, 2, 3]]), m.nameless)`)},
}
