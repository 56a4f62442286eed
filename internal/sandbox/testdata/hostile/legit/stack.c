/* Has a large array on its stack. */
#include <stdio.h>

int main(void) {
    volatile char room[32 << 20];
    for (long i = 0; i < (long)sizeof room; i += 4096) room[i] = 1;
    printf("%d\n", room[4096]);
    return 0;
}
