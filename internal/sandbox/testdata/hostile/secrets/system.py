# Opens what no program of a judge has to do with: devices, sockets, homes, the kernel's own.
import os

for path in ("/etc/shadow", "/etc/ssh", "/root", "/home", "/var/run/docker.sock", "/run/containerd", "/var/log", "/var/lib", "/boot", "/lost+found",
             "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/nvme0n1", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/vhost-vsock", "/dev/loop-control",
             "/dev/console", "/dev/tty", "/dev/tty1", "/dev/userfaultfd", "/proc/kcore", "/proc/kmsg", "/proc/sysrq-trigger"):
    try:
        if os.path.isdir(path):
            if os.listdir(path):
                print("ESCAPED: listed", path)
        else:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            print("ESCAPED: opened", path)
    except OSError:
        pass
for path in ("/proc/kallsyms", "/proc/modules"):
    try:
        if any(int(line.split()[0] if "kallsyms" in path else line.split()[-1], 16) for line in open(path)):
            print("ESCAPED: addresses of the kernel")
    except (OSError, ValueError):
        pass
print("held")
