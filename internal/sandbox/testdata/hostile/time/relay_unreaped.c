/* Computes in short-lived children that nobody waits for: their time is added to nobody's. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        if (fork() == 0) {
            while (clock() < CLOCKS_PER_SEC / 10) { }
            _exit(0);
        }
        usleep(100000);
    }
}
