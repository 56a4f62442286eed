/* The same with SIGCHLD ignored, so that the kernel buries the children. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 2; i++)
        if (fork() == 0)
            for (;;) {}
    sleep(3);
    puts("late");
    return 0;
}
