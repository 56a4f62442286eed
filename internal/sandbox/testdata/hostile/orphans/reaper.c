/* Makes itself the reaper of its descendants and takes back the wish to die with its parent. */
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, 0);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, 0);
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        setsid();
        if (fork() != 0) _exit(0);
        for (;;) pause();
    }
    puts("done");
    return 0;
}
