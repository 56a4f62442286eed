/* Sends every signal to its parent and to pid 1, then goes on living. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    for (int s = 1; s < 65; s++) {
        if (s == SIGCONT) continue;
        kill(getppid(), s);
        kill(1, s);
    }
    usleep(100000);
    puts("held");
    return 0;
}
