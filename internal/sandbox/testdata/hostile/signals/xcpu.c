/* Takes the signal of the time limit as a hint, and goes on. */
#include <signal.h>

static void more(int s) { signal(s, more); }

int main(void) {
    signal(SIGXCPU, more);
    for (volatile long i = 0;; i++) { }
}
