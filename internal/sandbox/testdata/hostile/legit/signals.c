/* Waits for children that end by signals and codes, with pipes and a timer. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int rang;
static void ring(int s) { rang = s; }

int main(void) {
    int p[2], status;
    char c = 0;
    signal(SIGALRM, ring);
    ualarm(50000, 0);
    if (pipe(p) != 0) return 1;
    if (fork() == 0) { if (write(p[1], "x", 1) != 1) _exit(1); raise(SIGTERM); }
    wait(&status);
    if (read(p[0], &c, 1) != 1) return 1;
    printf("%c %d ", c, WTERMSIG(status));
    if (fork() == 0) _exit(255);
    wait(&status);
    while (!rang) pause();
    printf("%d %d\n", WEXITSTATUS(status), rang == SIGALRM);
    return 255;
}
