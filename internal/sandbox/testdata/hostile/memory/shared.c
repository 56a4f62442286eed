/* Takes shared anonymous memory, which belongs to no process's heap. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
    for (int i = 0; i < 64; i++) {
        void *p = mmap(0, 8 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) { puts("held"); return 0; }
        memset(p, 1, 8 << 20);
    }
    puts("ESCAPED: 512 MiB");
    return 0;
}
