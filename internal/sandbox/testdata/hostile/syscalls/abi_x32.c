/* Makes system calls of the x32 kind, which differ by one bit of the number. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
    puts("tried");
    fflush(stdout);
    if (syscall(0x40000000L + 39) == getpid()) puts("ESCAPED: an x32 system call");
    return 0;
}
