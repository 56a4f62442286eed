# Parts of the library that ask the system for something.
import ctypes, decimal, getpass, grp, locale, os, platform, pwd, resource, select, shutil, socket, sqlite3, time, zoneinfo

base = sqlite3.connect(":memory:")
base.execute("create table t (n)")
base.executemany("insert into t values (?)", [(i,) for i in range(10)])
print(base.execute("select sum(n) from t").fetchone())
print(platform.system(), os.uname().sysname, bool(socket.gethostname()), bool(pwd.getpwuid(os.getuid()).pw_name), bool(getpass.getuser()))
print(time.time() > 1e9, time.monotonic() > 0, time.perf_counter() > 0, time.process_time() >= 0, time.strftime("%Y", time.gmtime(0)))
print(os.cpu_count() >= 1, len(os.sched_getaffinity(0)) >= 1, shutil.which("sh") is not None, os.access("/tmp", os.W_OK), shutil.disk_usage("/tmp").free > 0)
a, b = socket.socketpair()
a.send(b"x")
print(select.select([b], [], [], 1)[0] == [b], ctypes.CDLL(None).abs(-3), decimal.Decimal(1) / 4, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0)
print(locale.getlocale()[1], os.getpgrp() > 0, os.times().elapsed > 0, os.getloadavg()[0] >= 0)
