/* Every process starts itself again by vfork and exec, and waits. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char depth[16];
    int n = argc > 1 ? atoi(argv[1]) : 0;
    if (n > 300) { puts("ESCAPED: 300 generations"); fflush(stdout); return 0; }
    snprintf(depth, sizeof depth, "%d", n + 1);
    pid_t pid = vfork();
    if (pid == 0) { execl(argv[0], argv[0], depth, (char *)0); _exit(1); }
    if (pid < 0) { puts("held"); fflush(stdout); kill(0, 9); }
    for (;;) pause();
}
