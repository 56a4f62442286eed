/* Kills everything that it can reach: by -1, and by every number. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    kill(-1, SIGSTOP);
    kill(-1, SIGKILL);
    for (int pid = 1; pid < 70000; pid++)
        if (pid != getpid()) kill(pid, SIGKILL);
    puts("held");
    return 0;
}
