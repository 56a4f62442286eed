/* Kills its whole process group and session; the harness must not be in it. */
#include <signal.h>
#include <unistd.h>

int main(void) {
    kill(-getpgid(getppid()), SIGKILL);
    kill(-getsid(0), SIGKILL);
    kill(0, SIGKILL);
    return 0;
}
