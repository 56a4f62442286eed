/* Stops itself: it uses no time, and never ends. */
#include <signal.h>

int main(void) {
    raise(SIGSTOP);
    return 0;
}
