/* Attaches to its parent, to pid 1, and to a process of the host. */
#include <stdio.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(void) {
    int pid;
    if (scanf("%d", &pid) != 1) return 1;
    int pids[] = {1, getppid(), pid};
    for (int i = 0; i < 3; i++)
        if (ptrace(PTRACE_SEIZE, pids[i], 0, 0) == 0 || ptrace(PTRACE_ATTACH, pids[i], 0, 0) == 0) printf("ESCAPED: traces number %d\n", i);
    puts("held");
    return 0;
}
