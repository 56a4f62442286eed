/* A daemon by the book: forks twice, new session, closes everything, ignores every signal. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    puts("done");
    fflush(stdout);
    if (fork() != 0) return 0;
    setsid();
    if (fork() != 0) return 0;
    for (int fd = 0; fd < 64; fd++) close(fd);
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    for (;;) pause();
}
