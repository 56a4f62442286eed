# The warm interpreter: pid 1 of a worker. It takes jobs from a socket and forks,
# for each, the program's process, in pid, mount and ipc namespaces of its own. It
# never runs a program itself, holds no secret and keeps no rights in a program's
# process. What that process does before it is the program stands in scripts of
# system calls that the harness wrote.
#
# Forking an interpreter costs mostly the pages that are then written to: so there
# is one fork a job (pid 1 of a job's namespace is no second interpreter but a
# process that shares this one's memory and sleeps), and whatever can be done
# before the fork is.
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


INTERRUPTED = -256  # the exit code of nobody: the interpreter ends itself by SIGINT


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
        out.append((ctypes.c_long(c["n"]), args, slots, c.get("s", 0), c["t"]))
    return out


def play(calls, results):
    for nr, args, slots, slot, step in calls:
        if slots:
            args = [ctypes.c_long(results[a[1]]) if isinstance(a, tuple) else a for a in args]
        r = syscall(nr, *args)
        if r == -1:
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
    own = [os.open("/proc/self/ns/" + name, os.O_RDONLY | os.O_CLOEXEC) for name in ("pid", "mnt")]
    syscall(PRCTL, 4, 0)  # PR_SET_DUMPABLE: nobody looks into this memory
    space = main_module()
    sleeper = new_namespaces(config, own)
    control.send(b"{}")
    gc.collect()
    gc.freeze()
    room = _socket.CMSG_SPACE(16 * 4)
    while True:
        text, side, *_ = control.recvmsg(131072, room, _socket.MSG_CMSG_CLOEXEC)
        if not text:
            os._exit(0)  # the harness is gone
        fds = array.array("i")
        for _, _, data in side:
            fds.frombytes(data)
        job = json.loads(text)
        ready = bring(config, job, fds)
        child = os.fork() if ready else 0
        if child == 0 and ready:
            control.detach()  # descriptor 3 may be the program's
            source = os.pread(fds[0], job["files"][0]["Len"], 0)
            private = json.loads(os.pread(fds[0], job["private"], job["size"])) if job["private"] else None
            confine(config, job, fds)
            return job, source, private, space
        for fd in fds[:4]:
            os.close(fd)
        if job["channel"]:
            os.close(fds[6])
        if child:
            wait(job, child, sleeper, fds[4], fds[5])
        else:
            end(sleeper)
        os.close(fds[4])
        os.close(fds[5])
        sleeper = new_namespaces(config, own)


def main_module():
    """Makes the module that programs run in, as `python3 main.py` has it."""
    module = type(sys)("__main__")
    module.__dict__.update(__file__=MAIN, __builtins__=builtins, __cached__=None, __loader__=SourceFileLoader("__main__", MAIN), __annotations__={})
    sys.modules["__main__"] = module
    return module.__dict__


CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID = 0x100, 0x200, 0x400, 0x20000, 0x8000000, 0x20000000
STACK = ctypes.create_string_buffer(16384)
STACK_TOP = ctypes.c_void_p((ctypes.addressof(STACK) + 16384) & ~15)
PAUSE = ctypes.cast(libc.pause, ctypes.c_void_p)


def new_namespaces(config, own):
    """Makes the namespaces of the next child with its file systems, and pid 1 of
    it: a process that shares this one's memory and does nothing. The kernel reaps
    what it inherits, since it ignores SIGCHLD, and ends everything in there when it
    is ended. This process itself stays in its own pid namespace."""
    pid_namespace, mount_namespace = own
    if libc.setns(pid_namespace, CLONE_NEWPID) != 0 or libc.setns(mount_namespace, CLONE_NEWNS) != 0:
        raise OSError(errno(), "leave the namespaces of the last program")
    if libc.unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC) != 0:
        raise OSError(errno(), "make namespaces")
    play(config["mounts"], [0] * 16)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pid = libc.clone(PAUSE, STACK_TOP, CLONE_VM | CLONE_FS | CLONE_FILES | signal.SIGCHLD, None)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid < 0:
        raise OSError(errno(), "start pid 1")
    return pid


def wait(job, child, sleeper, report, stop):
    """Waits for the program, ends everything that it started, and reports."""
    stopped = over = late = False
    spent = {}
    pidfd = syscall(434, child, 0)  # pidfd_open, which Python has since 3.9
    if pidfd < 0:
        os._exit(1)  # the harness runs the program cold
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
        if running and job["memory"] and not over and not late:
            over = resident(sleeper, spent, False) > job["memory"] and resident(sleeper, spent, True) > job["memory"]
            late = sum(spent.values()) > job["ticks"]
            if over or late:
                os.kill(sleeper, signal.SIGKILL)
        pause = 10 if job["memory"] else None
    os.close(pidfd)
    _, status, used = os.wait4(child, 0)
    end(sleeper)
    say(report, ENDED, status, int(used.ru_utime * 1e9), int(used.ru_stime * 1e9), used.ru_maxrss, stopped, over, late)


def end(sleeper):
    """Ends all processes of a namespace, and returns when the last is gone."""
    os.kill(sleeper, signal.SIGKILL)
    while os.waitpid(-1, 0)[0] != sleeper:
        pass


def resident(sleeper, spent, shares):
    """Sums the memory of the job's processes in bytes, with shares counting what
    they share by shares, which takes longer. spent keeps the processor time of
    each, in ticks."""
    total = 0
    for name in os.listdir("/proc"):
        if not name.isdigit() or name == "1" or int(name) == sleeper:
            continue
        try:
            with open("/proc/%s/stat" % name) as f:
                fields = f.read().rpartition(")")[2].split()
            spent[name] = int(fields[11]) + int(fields[12])
        except (OSError, IndexError):
            continue
        total += sum(kib(name, "status", "VmPTE:"))
        total += sum(kib(name, "smaps_rollup", "Pss_Anon:", "Pss_Shmem:") if shares else kib(name, "status", "RssAnon:", "RssShmem:"))
    return total << 10


def kib(pid, file, *lines):
    found = [0] * len(lines)
    try:
        with open("/proc/%s/%s" % (pid, file)) as f:
            for line in f:
                name, value, *_ = [*line.split(), 0]
                if name in lines:
                    found[lines.index(name)] = int(value)
    except OSError:
        pass
    return found


def bring(config, job, fds):
    """Writes the files of a program; says whether that went well. Their contents
    never are in this process's memory, which the next program gets a copy of."""
    try:
        at = 0
        for f in job["files"]:
            write(f, fds[0], at)
            at += f["Len"]
        play(config["seal"], [0] * 16)
        return True
    except Failed as e:
        say(fds[4], FAILED, *e.args)
    except OSError as e:
        say(fds[4], FAILED, 0, e.errno)
    return False


def confine(config, job, fds):
    """Makes this process the program's."""
    report = fds[4]
    try:
        results = [0] * 16
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
    if syscall(config["close_range"], len(standard), 0xFFFFFFFF, 0) != 0:
        os.closerange(len(standard), 4096)  # before Linux 5.9
    signal.signal(signal.SIGINT, signal.default_int_handler)


def write(f, blob, at):
    name = "/program/" + f["Name"]
    if "/" in f["Name"]:
        os.makedirs(os.path.dirname(name), exist_ok=True)
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o555 if f["Exec"] else 0o444)
    left = f["Len"]
    while left:
        n = os.sendfile(fd, blob, at, left)
        if n == 0:
            raise OSError(5, "the blob is too short")
        at, left = at + n, left - n
    os.close(fd)


def run(job, source, private, space):
    """Runs the program as `python3 main.py` would, and exits as it would."""
    if private is not None:
        if private["env"] is not None:
            os.environ.clear()
            os.environ.update(e.split("=", 1) for e in private["env"])
        sys.argv[:] = private["args"]
        if hasattr(sys, "orig_argv"):  # since 3.10
            sys.orig_argv += private["args"][1:]
    if job["seekable"]:  # not a pipe, as it was when the interpreter started
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8")
        sys.stdin.mode = "r"
    if len(job["files"]) > 1:
        for name in {n.partition(".")[0] for n in os.listdir(sys.path[0])}.intersection(sys.modules) - {"main"}:
            del sys.modules[name]
    code = 0
    try:
        exec(compile(source, MAIN, "exec", dont_inherit=True), space)
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
    if code is INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
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
    return INTERRUPTED if issubclass(kind, KeyboardInterrupt) else 1


def clear(space):
    """Lets go of the program's objects, as the interpreter does at its end."""
    for name in [n for n in space if n.startswith("_") and n != "__builtins__"]:
        space[name] = None
    for name in [n for n in space if n != "__builtins__"]:
        space[name] = None
    gc.collect()


os.getppid = lambda: 1  # as it is without a warm interpreter, of which it is the child
PRCTL = {"x86_64": 157, "aarch64": 167}[os.uname().machine]
run(*main())
