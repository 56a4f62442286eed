# Writes to the kernel's switches.
import os, sys

for path, text in (("/proc/sys/kernel/core_pattern", "|/tmp/x"), ("/proc/sys/kernel/hostname", "x"), ("/proc/sys/kernel/modprobe", "/tmp/x"),
                   ("/proc/sys/vm/drop_caches", "1"), ("/proc/sys/fs/binfmt_misc/register", "x"), ("/proc/sys/user/max_user_namespaces", "9999"),
                   ("/proc/sys/kernel/ns_last_pid", "1"), ("/proc/sys/net/ipv4/ip_forward", "1"), ("/proc/sys/fs/mqueue/msg_max", "20"), ("/proc/sys/kernel/shmmax", "1"),
                   ("/proc/self/oom_score_adj", "-1000"), ("/proc/1/oom_score_adj", "1000"), (f"/proc/{os.getppid()}/oom_score_adj", "1000"), ("/proc/1/comm", "x"), ("/proc/1/clear_refs", "1"),
                   ("/proc/self/uid_map", "0 0 1"), ("/proc/self/setgroups", "allow"), ("/proc/self/timens_offsets", "monotonic 1 1"),
                   ("/proc/1/limits", "x"), ("/proc/1/cgroup", "/"), ("/sys/fs/cgroup/cgroup.procs", "0"), ("/sys/kernel/uevent_helper", "/tmp/x"), ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "-1")):
    try:
        with open(path, "w") as f:
            f.write(text)
        print("ESCAPED: wrote", path)
    except OSError:
        pass
print("held")
