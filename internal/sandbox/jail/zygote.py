# The warm interpreter: pid 1 of a worker. It takes jobs from a socket and forks,
# for each, a supervisor in namespaces of its own, which forks the program. It
# never runs a program itself, holds no secret and keeps no rights in a program's
# process. What supervisor and program do before the program starts stands in
# scripts of system calls that the harness wrote.
import array
import atexit
import base64
import binascii
import bisect
import builtins
import collections
import copy
import ctypes
import dataclasses
import functools
import gc
import hashlib
import heapq
import io
import itertools
import json
import math
import operator
import os
import re
import resource
import select
import signal
import string
import struct
import sys
import threading
import time
import typing
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
                    text = base64.b64decode(a["b"])
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
    control = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, 3)
    os.set_inheritable(3, False)
    with open(4, "rb") as f:
        config = json.loads(f.read())
    for name in ("mounts", "seal", "settle", "rights"):
        config[name] = prepared(config[name])
    text = base64.b64decode(config["filter"])
    code = ctypes.create_string_buffer(text, len(text))
    config["filter"] = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(text) // 8, ctypes.addressof(code)), 16)
    config["code"] = code
    syscall(PRCTL, 4, 0)  # PR_SET_DUMPABLE: nobody looks into this memory
    control.send(b"{}")
    gc.collect()
    gc.freeze()
    space = _socket.CMSG_SPACE(16 * 4)
    clone, flags = ctypes.c_long(config["clone"]), ctypes.c_long(config["flags"])
    while True:
        text, side, *_ = control.recvmsg(131072, space, _socket.MSG_CMSG_CLOEXEC)
        if not text:
            os._exit(0)  # the harness is gone
        fds = array.array("i")
        for _, _, data in side:
            fds.frombytes(data)
        pid = syscall(clone, flags, ctypes.c_long(0), ctypes.c_long(0), ctypes.c_long(0), ctypes.c_long(0))
        if pid == 0:
            after_fork()
            return supervise(config, text, list(fds), control)
        if pid < 0:
            say(fds[4], FAILED, 0, errno())
        for fd in fds:
            os.close(fd)
        reap()


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def supervise(config, text, fds, control):
    """Is pid 1 of the job. Gives, in the program's process alone, what to run."""
    blob, report, stop = fds[0], fds[4], fds[5]
    try:
        job = json.loads(text)
        results = [0] * 16
        play(config["mounts"], results)
        at = 0
        for f in job["files"] or ():
            write(f, os.pread(blob, f["Len"], at))
            at += f["Len"]
        play(config["seal"], results)
        mask = ctypes.c_uint64(1 << signal.SIGCHLD - 1)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        watch = libc.signalfd(-1, ctypes.byref(mask), SFD_CLOEXEC_NONBLOCK)
        if watch < 0:
            raise Failed(0, errno())
        child = os.fork()
        if child == 0:
            return confine(config, job, fds)
    except Failed as e:
        say(report, FAILED, *e.args)
        os._exit(127)
    except BaseException as e:
        say(report, FAILED, 0, getattr(e, "errno", None) or 0)
        os._exit(127)
    wait(job, child, watch, report, stop)


def write(f, text):
    name = "/program/" + f["Name"]
    if "/" in f["Name"]:
        os.makedirs(os.path.dirname(name), exist_ok=True)
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o555 if f["Exec"] else 0o444)
    while text:
        text = text[os.write(fd, text):]
    os.close(fd)


def wait(job, child, watch, report, stop):
    """Waits for the program and everything that it started, and reports."""
    stopped = over = False
    poll = select.poll()
    poll.register(watch, select.POLLIN)
    poll.register(stop, 0)
    pause = 20 if job["memory"] else None
    status = None
    while status is None:
        for fd, _ in poll.poll(pause):
            if fd == stop:
                stopped = True
                poll.unregister(stop)
                kill_all()
            else:
                os.read(watch, 128)
        if job["memory"] and not over and resident() > job["memory"]:
            over = True
            kill_all()
        pause = 10 if job["memory"] else None
        try:
            while True:
                pid, ws = os.waitpid(-1, os.WNOHANG)
                if pid == child:
                    status = ws
                if pid == 0 or pid == child:
                    break
        except ChildProcessError:
            status = status or 0
    kill_all()
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(report, ENDED, status, int(used.ru_utime * 1e9), int(used.ru_stime * 1e9), used.ru_maxrss, stopped, over)
    os._exit(0)


def kill_all():
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def resident():
    """Sums the memory of the job's processes in bytes; shared pages count once each."""
    pages = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            try:
                with open("/proc/%s/statm" % name) as f:
                    _, all_pages, shared, *_ = f.read().split()
                pages += int(all_pages) - int(shared)
            except (OSError, ValueError):
                pass
    return pages * PAGE


def confine(config, job, fds):
    """Makes this process the program's."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    results = [0] * 16
    play(config["settle"], results)
    for kind, limit in job["limits"]:
        if syscall(config["prlimit"], 0, kind, base64.b64decode(limit), None) != 0:
            raise Failed(0, errno())
    play(config["rights"], results)
    report = fds[4]
    standard = fds[1:4]
    if job["channel"]:
        standard.append(fds[6])
    for to, fd in enumerate(standard):
        os.dup2(fd, to)
    if syscall(config["seccomp"], 1, 0, config["filter"]) != 0:
        say(report, FAILED, 0, errno())
        os._exit(127)
    syscall(config["close_range"], len(standard), 0xFFFFFFFF, 0)
    return job["args"], job["env"]


def stream(fd, mode):
    raw = io.FileIO(fd, mode, closefd=False)
    if mode == "r":
        return io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8", errors="strict")
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, encoding="utf-8", errors="strict" if fd == 1 else "backslashreplace", line_buffering=fd == 2, write_through=False)


def run(args, env):
    """Runs the program as `python3 main.py` would, and exits as it would."""
    os.environ.clear()
    os.environ.update(e.split("=", 1) for e in env)
    path, *rest = args
    sys.argv[:] = [path, *rest]
    sys.orig_argv[:] = [*sys.orig_argv[:-1], path, *rest]
    sys.path[0] = os.path.dirname(path)
    for name, fd, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        f = stream(fd, mode)
        f.mode = mode
        setattr(sys, name, f)
        setattr(sys, "__%s__" % name, f)
    shadowed = {n.partition(".")[0] for n in os.listdir(sys.path[0])} - {"main"}
    for name in shadowed.intersection(sys.modules):
        del sys.modules[name]
    module = type(sys)("__main__")
    space = module.__dict__
    space.update(__file__=path, __builtins__=builtins, __cached__=None, __loader__=SourceFileLoader("__main__", path), __annotations__={})
    sys.modules["__main__"] = module
    code = 0
    try:
        with open(path, "rb") as f:
            source = f.read()
        exec(compile(source, path, "exec", dont_inherit=True), space)
    except BaseException:
        code = exit_code()
    threading._shutdown()
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
