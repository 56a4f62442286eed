/* Puts a filter of its own on a child, with a listener that never answers, and makes the child call. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    puts("done");
    fflush(stdout);
    if (fork() == 0) {
        struct sock_filter all[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF}};
        struct sock_fprog filter = {1, all};
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
        for (;;) getppid();
    }
    return 0;
}
