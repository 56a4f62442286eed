/* Forks until the system refuses, each child waiting; counts how far it came. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
    int n = 0;
    for (; n < 400; n++) {
        pid_t pid = fork();
        if (pid < 0) break;
        if (pid == 0) for (;;) pause();
    }
    puts(n > 200 ? "ESCAPED: 200 children" : "held");
    return 0;
}
