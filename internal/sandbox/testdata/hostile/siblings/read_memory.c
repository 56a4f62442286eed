/* Reads the memory and takes descriptors of its parent, of pid 1 and of a process of the host. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
    int pid, word = 7;
    char line[256] = "";
    if (scanf("%d", &pid) != 1) return 1;
    int pids[] = {1, getppid(), pid};
    for (int i = 0; i < 3; i++) {
        unsigned long start = (unsigned long)&word;
        snprintf(line, sizeof line, "/proc/%d/maps", pids[i]);
        FILE *maps = fopen(line, "r");
        if (maps && fscanf(maps, "%lx", &start) == 1) printf("ESCAPED: the map of number %d\n", i);
        struct iovec here = {line, 8}, there = {(void *)start, 8};
        if (process_vm_readv(pids[i], &here, 1, &there, 1, 0) > 0) printf("ESCAPED: read number %d\n", i);
        if (process_vm_writev(pids[i], &here, 1, &there, 1, 0) > 0) printf("ESCAPED: wrote number %d\n", i);
        int handle = syscall(SYS_pidfd_open, pids[i], 0);
        for (int fd = 0; handle >= 0 && fd < 16; fd++)
            if (syscall(SYS_pidfd_getfd, handle, fd, 0) >= 0) printf("ESCAPED: took a descriptor of number %d\n", i);
    }
    puts("held");
    return 0;
}
