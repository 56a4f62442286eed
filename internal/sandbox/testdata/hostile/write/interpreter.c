/* Overwrites the binaries of those who started it, through /proc. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    char name[64];
    int pids[] = {1, getppid(), getpid()};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "/proc/%d/exe", pids[i]);
        if (open(name, O_WRONLY) >= 0 || open(name, O_RDWR) >= 0) printf("ESCAPED: opened the binary of %s\n", i == 2 ? "itself" : "a parent");
        int fd = open(name, O_RDONLY | O_CLOEXEC);
        if (fd < 0) continue;
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        if (open(name, O_WRONLY) >= 0) puts("ESCAPED: opened a binary again, to write");
    }
    puts("held");
    return 0;
}
