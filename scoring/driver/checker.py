# Runs in the sandbox, apart from the answer: runs a test whose calls of the
# answer's functions cross the channel. The other end is hostile: only plain
# values are read from it, each reply must carry the word of its question, and
# the first thing that is amiss ends the test for good.
import builtins


class Ended(BaseException):
    pass


class State:
    amiss = None  # why the test cannot pass any more
    barred = None  # why the test cannot cross; no fault of the answer
    ended = False  # the other process has ended, which is what is amiss
    unstarted = False  # it never came to run, which is no fault of the answer
    opaque = None  # the first thing received that is no plain value
    begun = False  # the prompt has been read


def fail(why):
    State.amiss = State.amiss or why
    raise Ended(why)


class Opaque:
    __slots__ = ("name",)

    def __init__(self, name):
        object.__setattr__(self, "name", name)


def refuse(self, *_, **__):
    fail("the answer gave a %s, which is no plain value" % object.__getattribute__(self, "name"))


for method in (
    "eq ne lt le gt ge bool hash repr str format len iter next reversed contains getitem setitem delitem call getattr setattr "
    "delattr int float complex index abs neg pos invert round trunc floor ceil enter exit bytes add radd sub rsub mul rmul "
    "truediv rtruediv floordiv rfloordiv mod rmod divmod rdivmod pow rpow matmul rmatmul and rand or ror xor rxor lshift rlshift "
    "rshift rrshift instancecheck fspath length_hint await dir reduce_ex"
).split():
    setattr(Opaque, "__%s__" % method, refuse)


def opaque(name):
    State.opaque = State.opaque or name
    if State.strict:
        fail("the answer gave a %s, where the reference gives a plain value" % name)
    return Opaque(name)


def named(x):
    """How what is no plain value crosses: a proxy, or what Python itself has, by its name."""
    if type(x) is Proxy:
        return x.__dict__["name"].encode()
    if type(x) in (type, type(len)) and vars(builtins).get(x.__name__) is x:
        return b"builtins." + x.__name__.encode()
    if type(x) is Opaque:
        fail("the answer's %s cannot be given back to it" % object.__getattribute__(x, "name"))
    State.barred = State.barred or "a %s cannot be given to another process" % type(x).__name__
    raise Ended(State.barred)


def ask(what, name, args=(), kwargs=None):
    if State.amiss or State.barred:
        raise Ended(State.amiss or State.barred)
    word = os.urandom(8)
    try:
        message = encode((word, what, name, args, kwargs or {}, State.back), named)
    except Uncrossable:
        fail("an argument is too large for another process")
    try:
        send(3, message)
        answer = decode(receive(3), opaque)
        if type(answer) is not tuple or len(answer) < 3 or answer[0] != word or type(answer[1]) is not str:
            fail("the answer's process broke the protocol")
        kind, rest = answer[1], answer[2:]
        if kind == "x":
            fail(str(rest[0])[:300])
        if {"f": 1, "m": 1, "v": 2, "e": 3}[kind] != len(rest):
            fail("the answer's process broke the protocol")
    except (EOFError, OSError):
        State.ended = not State.amiss
        fail("the answer's process ended")
    except Exception as e:
        fail("the answer's process broke the protocol (%s)" % type(e).__name__)
    return kind, rest


class Proxy:
    def __init__(self, name):
        self.name = self.__name__ = self.__qualname__ = name

    def __call__(self, *args, **kwargs):
        kind, rest = ask("call", self.name, args, kwargs)
        if kind not in ("v", "e"):
            fail("the answer's process broke the protocol")
        if State.back and rest[-1] is not None:
            give_back(args, rest[-1])
        if kind == "v":
            return rest[0]
        raise exception(rest[0], rest[1])


def exception(name, words):
    """Python's own exception of that name; one that needs more than words, or has another name, is a plain one.
    What ends a program instead of telling of an error ends the test."""
    kind = getattr(builtins, name, None) if type(name) is str else None
    if not isinstance(kind, type) or not issubclass(kind, BaseException):
        kind = Exception
    if not issubclass(kind, Exception):
        fail("the answer raised " + kind.__name__)
    words = words if type(words) is str else ""
    try:
        return kind(words)
    except TypeError:
        return (ValueError if issubclass(kind, ValueError) else Exception)(words)


def give_back(args, after):
    """Mutated arguments take their new value, as far as they keep their type."""
    if type(after) is not list or len(after) != len(args):
        fail("the answer's process broke the protocol")
    for old, new in zip(args, after):
        if type(old) is not type(new):
            continue
        if type(old) in (list, bytearray):
            old[:] = new
        elif type(old) in (dict, set):
            old.clear()
            old.update(new)


class Names(dict):
    """The test's names; what the test lacks is looked up in the answer."""

    def __missing__(self, name):
        if not State.begun or hasattr(builtins, name):
            raise KeyError(name)
        kind, rest = ask("name", name)
        if kind == "m":
            if name not in getattr(sys, "stdlib_module_names", ()):
                raise KeyError(name)
            self[name] = __import__(name)
            return self[name]
        if kind not in ("f", "v"):
            fail("the answer's process broke the protocol")
        self[name] = Proxy(name) if kind == "f" else rest[0]
        return self[name]


def before(job):
    """The names that the prompt defines; none if it is no whole program."""
    space = Names(__name__="tests")
    try:
        exec(compile(job["prompt"], "prompt.py", "exec"), space)
    except Exception:
        space = Names(__name__="tests")
    if job["entry"]:
        space[job["entry"]] = Proxy(job["entry"])
    State.begun = True
    return space


def run(job):
    State.strict, State.back = job["strict"], job["back"]
    try:
        exec(compile(job["script"], "tests.py", "exec"), before(job))
    except BaseException as e:
        if State.amiss or State.barred:
            return
        line, at = 0, e.__traceback__
        while at:
            line = at.tb_lineno if at.tb_frame.f_code.co_filename == "tests.py" else line
            at = at.tb_next
        lines = job["script"].splitlines()
        State.amiss = "%s, at: %s" % (said(e), lines[line - 1].strip()[:200] if 0 < line <= len(lines) else "?")


def main():
    job, out = task()
    try:
        read(3, 1)
        run(job)
    except (EOFError, OSError):
        State.unstarted = True
    if State.unstarted:
        verdict = "unstarted"
    elif State.amiss:
        verdict = ("ended " if State.ended else "failed ") + State.amiss
    elif State.barred:
        verdict = "barred " + State.barred
    else:
        verdict = job["word"] + (" opaque" if State.opaque else "")
    os.write(out, verdict.encode("utf-8", "replace"))
    os._exit(0)


main()
