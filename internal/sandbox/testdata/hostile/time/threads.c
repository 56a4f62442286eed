/* Computes in four threads at once. */
#include <pthread.h>

static void *spin(void *p) { for (volatile long i = 0;; i++) { } return p; }

int main(void) {
    pthread_t t;
    for (int i = 0; i < 4; i++) pthread_create(&t, 0, spin, 0);
    pthread_exit(0);
}
