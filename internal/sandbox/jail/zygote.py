# The warm interpreter: pid 1 of a worker. It takes jobs from a socket and forks,
# for each, the program's process, in pid, mount and ipc namespaces of its own. It
# never runs a program itself, holds no secret and keeps no rights in a program's
# process. What that process does before it is the program stands in scripts of
# system calls that the harness wrote.
#
# Forking an interpreter costs mostly the pages that are then written to, so there
# is one fork a job: pid 1 of a job's namespace is no second interpreter but a
# process that shares this one's memory and sleeps.
#
# What programs often import is imported here, where it costs them nothing; not
# threading, whose work after each fork takes as long as the fork.
import array
import atexit
import bisect  # noqa: F401
import builtins
import collections  # noqa: F401
import copy  # noqa: F401
import ctypes
import functools  # noqa: F401
import gc
import heapq  # noqa: F401
import io
import itertools  # noqa: F401
import json
import math  # noqa: F401
import operator  # noqa: F401
import os
import re  # noqa: F401
import resource
import select
import signal
import string  # noqa: F401
import struct
import sys
import typing  # noqa: F401
from binascii import a2b_base64
from importlib.machinery import SourceFileLoader

import _socket

libc = ctypes.PyDLL(None, use_errno=True)  # keeps the lock: a fork must come back with it
syscall, errno = libc.syscall, ctypes.get_errno
syscall.restype = ctypes.c_long
after_fork = ctypes.pythonapi.PyOS_AfterFork_Child
FAILED, ENDED = 1, 2
MESSAGE = struct.Struct("9q")
SFD_CLOEXEC_NONBLOCK = 0o2000000 | 0o4000
MAIN = "/program/main.py"


class Failed(Exception):
    pass


def prepared(calls):
    """Turns a script into tuples with buffers that stay where they are."""
    out = []
    for c in calls:
        args = []
        for a in c["a"]:
            if isinstance(a, dict):
                if "b" in a:
                    text = a2b_base64(a["b"])
                    a = ctypes.create_string_buffer(text, max(len(text), 1))
                else:
                    a = ("slot", a["s"])
            else:
                a = ctypes.c_long(a)
            args.append(a)
        slots = any(isinstance(a, tuple) for a in args)
        out.append((ctypes.c_long(c["n"]), args, slots, c.get("s", 0), c.get("e", False), c["t"]))
    return out


def play(calls, results):
    for nr, args, slots, slot, may_fail, step in calls:
        if slots:
            args = [ctypes.c_long(results[a[1]]) if isinstance(a, tuple) else a for a in args]
        r = syscall(nr, *args)
        if r == -1 and not may_fail:
            raise Failed(step, errno())
        results[slot] = r


def say(fd, *numbers):
    os.write(fd, MESSAGE.pack(*numbers, *[0] * (9 - len(numbers))))


def main():
    """Serves jobs for ever. Gives, in a program's process alone, what to run."""
    control = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, 3)
    os.set_inheritable(3, False)
    with open(4, "rb") as f:
        config = json.loads(f.read())
    for name in ("mounts", "seal", "settle", "rights"):
        config[name] = prepared(config[name])
    text = a2b_base64(config["filter"])
    code = ctypes.create_string_buffer(text, len(text))
    config["filter"] = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(text) // 8, ctypes.addressof(code)), 16)
    config["code"] = code
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no handler that the sleeper would share
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    syscall(PRCTL, 4, 0)  # PR_SET_DUMPABLE: nobody looks into this memory
    sleeper = new_namespace(own)
    control.send(b"{}")
    gc.collect()
    gc.freeze()
    space = _socket.CMSG_SPACE(16 * 4)
    while True:
        text, side, *_ = control.recvmsg(131072, space, _socket.MSG_CMSG_CLOEXEC)
        if not text:
            os._exit(0)  # the harness is gone
        fds = array.array("i")
        for _, _, data in side:
            fds.frombytes(data)
        job = json.loads(text)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            return confine(config, job, fds)
        for fd in fds[:4]:
            os.close(fd)
        if job["channel"]:
            os.close(fds[6])
        wait(job, child, sleeper, fds[4], fds[5])
        os.close(fds[4])
        os.close(fds[5])
        sleeper = new_namespace(own)


CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID = 0x100, 0x200, 0x400, 0x20000, 0x8000000, 0x20000000
STACK = ctypes.create_string_buffer(16384)
STACK_TOP = ctypes.c_void_p((ctypes.addressof(STACK) + 16384) & ~15)
PAUSE = ctypes.cast(libc.pause, ctypes.c_void_p)


def new_namespace(own):
    """Makes the pid namespace of the next child, and its pid 1: a process that
    shares this one's memory and does nothing. The kernel reaps what it inherits,
    since it ignores SIGCHLD, and ends everything in there when it is ended."""
    if libc.setns(own, CLONE_NEWPID) != 0 or libc.unshare(CLONE_NEWPID) != 0:
        raise OSError(errno(), "make a pid namespace")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pid = libc.clone(PAUSE, STACK_TOP, CLONE_VM | CLONE_FS | CLONE_FILES | signal.SIGCHLD, None)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid < 0:
        raise OSError(errno(), "start pid 1")
    return pid


def wait(job, child, sleeper, report, stop):
    """Waits for the program, ends everything that it started, and reports."""
    stopped = over = False
    pidfd = os.pidfd_open(child)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(stop, 0)
    pause = 20 if job["memory"] else None
    running = True
    while running:
        for fd, _ in poll.poll(pause):
            if fd == pidfd:
                running = False
            else:
                stopped = True
                poll.unregister(stop)
                os.kill(sleeper, signal.SIGKILL)
        if running and job["memory"] and not over and resident(sleeper) > job["memory"]:
            over = True
            os.kill(sleeper, signal.SIGKILL)
        pause = 10 if job["memory"] else None
    os.close(pidfd)
    _, status, used = os.wait4(child, 0)
    os.kill(sleeper, signal.SIGKILL)
    os.waitpid(sleeper, 0)  # it ends when the last process of its namespace has
    say(report, ENDED, status, int(used.ru_utime * 1e9), int(used.ru_stime * 1e9), used.ru_maxrss, stopped, over)


def resident(sleeper):
    """Sums the memory of the job's processes in bytes; shared pages count once each."""
    pages = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1" and int(name) != sleeper:
            try:
                with open("/proc/%s/statm" % name) as f:
                    _, all_pages, shared, *_ = f.read().split()
                pages += int(all_pages) - int(shared)
            except (OSError, ValueError):
                pass
    return pages * PAGE


def confine(config, job, fds):
    """Makes this process the program's."""
    report = fds[4]
    try:
        results = [0] * 16
        if libc.unshare(CLONE_NEWNS | CLONE_NEWIPC) != 0:
            raise Failed(0, errno())
        play(config["mounts"], results)
        at, main_text = 0, b""
        for f in job["files"] or ():
            text = os.pread(fds[0], f["Len"], at)
            at += f["Len"]
            main_text = main_text or text
            write(f, text)
        play(config["seal"], results)
        play(config["settle"], results)
        for kind, limit in job["limits"]:
            if syscall(config["prlimit"], 0, kind, a2b_base64(limit), None) != 0:
                raise Failed(0, errno())
        play(config["rights"], results)
        standard = fds[1:4]
        if job["channel"]:
            standard.append(fds[6])
        for to, fd in enumerate(standard):
            os.dup2(fd, to)
        if syscall(config["seccomp"], 1, 0, config["filter"]) != 0:
            raise Failed(0, errno())
    except Failed as e:
        say(report, FAILED, *e.args)
        os._exit(127)
    except BaseException as e:
        say(report, FAILED, 0, getattr(e, "errno", None) or 0)
        os._exit(127)
    syscall(config["close_range"], len(standard), 0xFFFFFFFF, 0)
    return job, main_text


def write(f, text):
    name = "/program/" + f["Name"]
    if "/" in f["Name"]:
        os.makedirs(os.path.dirname(name), exist_ok=True)
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o555 if f["Exec"] else 0o444)
    while text:
        text = text[os.write(fd, text):]
    os.close(fd)


def seekable(fd):
    try:
        os.lseek(fd, 0, os.SEEK_CUR)
    except OSError:
        return False
    return True


def run(job, source):
    """Runs the program as `python3 main.py` would, and exits as it would."""
    path, *rest = job["args"]
    env = dict(e.split("=", 1) for e in job["env"])
    if env != os.environ:
        os.environ.clear()
        os.environ.update(env)
    sys.argv[:] = [path, *rest]
    sys.orig_argv[:] = [*sys.orig_argv[:-1], path, *rest]
    sys.path[0] = os.path.dirname(path)
    if sys.stdin.buffer.raw.seekable() != seekable(0):
        stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8")
        stdin.mode = "r"
        sys.stdin = sys.__stdin__ = stdin
    if len(job["files"]) > 1:
        for name in {n.partition(".")[0] for n in os.listdir(sys.path[0])}.intersection(sys.modules) - {"main"}:
            del sys.modules[name]
    module = type(sys)("__main__")
    space = module.__dict__
    space.update(__file__=path, __builtins__=builtins, __cached__=None, __loader__=SourceFileLoader("__main__", path), __annotations__={})
    sys.modules["__main__"] = module
    code = 0
    try:
        exec(compile(source, path, "exec", dont_inherit=True), space)
    except BaseException:
        code = exit_code()
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    atexit._run_exitfuncs()
    clear(space)
    for f in (sys.stdout, sys.stderr):
        try:
            if f is not None and not f.closed:
                f.flush()
        except BaseException:
            code = code or 120
    os._exit(code & 0xFF)


def exit_code():
    kind, value, trace = sys.exc_info()
    if issubclass(kind, SystemExit):
        code = value.code
        if code is None:
            return 0
        if isinstance(code, int):
            return code
        try:
            print(code, file=sys.stderr)
        except BaseException:
            pass
        return 1
    while trace is not None and trace.tb_frame.f_code.co_filename == MAIN and trace.tb_frame.f_globals is globals():
        trace = trace.tb_next  # this file's own frames
    try:
        sys.excepthook(kind, value.with_traceback(trace), trace)
    except BaseException:
        pass
    if issubclass(kind, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return 1


def clear(space):
    """Lets go of the program's objects, as the interpreter does at its end."""
    for name in [n for n in space if n.startswith("_") and n != "__builtins__"]:
        space[name] = None
    for name in [n for n in space if n != "__builtins__"]:
        space[name] = None
    gc.collect()


PRCTL = {"x86_64": 157, "aarch64": 167}[os.uname().machine]
PAGE = os.sysconf("SC_PAGE_SIZE")
run(*main())
