/* Keeps words in the kernel's keyrings, where other programs of the same user find them. */
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    for (long ring = -1; ring >= -5; ring--) {
        if (syscall(SYS_add_key, "user", "evalr", "x", 1, ring) >= 0) printf("ESCAPED: a key in ring %ld\n", ring);
        if (syscall(SYS_keyctl, 0 /* get id */, ring, 1) >= 0) printf("ESCAPED: ring %ld\n", ring);
    }
    if (syscall(SYS_request_key, "user", "evalr", 0, -4) >= 0) puts("ESCAPED: found a key");
    puts("held");
    return 0;
}
