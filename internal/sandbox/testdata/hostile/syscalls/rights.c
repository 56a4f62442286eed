/* Changes ids and gains capabilities by every call there is. */
#define _GNU_SOURCE
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    gid_t group = 0;
    if (syscall(SYS_capset, &head, caps) == 0) puts("ESCAPED: capset");
    if (syscall(SYS_capget, &head, caps) == 0 && (caps[0].effective | caps[1].effective | caps[0].permitted | caps[1].permitted)) puts("ESCAPED: has capabilities");
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) puts("ESCAPED: new rights are to be had");
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0) == 0) puts("ESCAPED: an ambient right");
    if (prctl(PR_SET_SECUREBITS, 0, 0, 0, 0) == 0) puts("ESCAPED: secure bits");
    if (setgroups(0, NULL) == 0 || setgroups(1, &group) == 0) puts("ESCAPED: setgroups");
    if (getuid() != 0 && (setuid(0) == 0 || setresuid(0, 0, 0) == 0 || seteuid(0) == 0)) puts("ESCAPED: is root");
    if (getgid() != 0 && (setgid(0) == 0 || setresgid(0, 0, 0) == 0)) puts("ESCAPED: is of root's group");
    if (getuid() != 1 && setuid(1) == 0) puts("ESCAPED: is another user");
    setfsuid(1);
    if (getuid() != 1 && setfsuid(-1) == 1) puts("ESCAPED: reads as another user");
    puts("held");
    return 0;
}
