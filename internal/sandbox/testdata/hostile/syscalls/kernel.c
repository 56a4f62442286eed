/* Asks the kernel for its machinery: programs, counters, rings, modules, clocks, names, ports. The
 * arguments are such that a kernel that grants a wish is not harmed. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TRY(what, call) if ((long)(call) >= 0) puts("ESCAPED: " what)

int main(void) {
    union bpf_attr map;
    struct perf_event_attr event;
    char ring[256] = {0}, name[16] = "x";
    struct timespec now;
    memset(&map, 0, sizeof map);
    map.map_type = BPF_MAP_TYPE_ARRAY, map.key_size = 4, map.value_size = 4, map.max_entries = 1;
    TRY("bpf", syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
    memset(&event, 0, sizeof event);
    event.type = PERF_TYPE_SOFTWARE, event.size = sizeof event, event.config = PERF_COUNT_SW_TASK_CLOCK, event.exclude_kernel = 1;
    TRY("perf_event_open", syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
    TRY("userfaultfd", syscall(SYS_userfaultfd, O_CLOEXEC | 1));
    TRY("io_uring_setup", syscall(425, 1, ring));
    TRY("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0));
    TRY("kexec_file_load", syscall(SYS_kexec_file_load, -1, -1, 0, "", 4));
    TRY("init_module", syscall(SYS_init_module, "x", 1, ""));
    TRY("delete_module", syscall(SYS_delete_module, "nothing_of_this_name", O_NONBLOCK));
    TRY("reboot", syscall(SYS_reboot, 0xfee1dead, 672274793, 0 /* only forbids Ctrl-Alt-Del */, 0));
    TRY("swapon", syscall(SYS_swapon, "/tmp/none", 0));
    TRY("acct", syscall(SYS_acct, "/tmp/none"));
    TRY("quotactl", syscall(SYS_quotactl, 0x80000100 /* Q_SYNC */, 0, 0, 0));
    TRY("sethostname", syscall(SYS_sethostname, name, 1));
    TRY("setdomainname", syscall(SYS_setdomainname, name, 1));
    clock_gettime(CLOCK_REALTIME, &now);
    TRY("clock_settime", syscall(SYS_clock_settime, CLOCK_REALTIME, &now));
    TRY("settimeofday", syscall(SYS_settimeofday, &now, 0));
    TRY("iopl", syscall(SYS_iopl, 3));
    TRY("ioperm", syscall(SYS_ioperm, 0x80, 1, 1));
    TRY("syslog", syscall(SYS_syslog, 3, ring, sizeof ring));
    TRY("vhangup", syscall(SYS_vhangup));
    TRY("fanotify_init", syscall(SYS_fanotify_init, 0, 0));
    TRY("lookup_dcookie", syscall(SYS_lookup_dcookie, 1UL, ring, sizeof ring));
    puts("held");
    return 0;
}
