/* Fills /dev/shm and /tmp. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char block[1 << 20];

static long fill(const char *folder) {
    long got = 0;
    char name[64];
    memset(block, 1, sizeof block);
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "%s/f%d", folder, i);
        int fd = open(name, O_CREAT | O_WRONLY, 0600);
        if (fd < 0) break;
        for (int k = 0; k < 16; k++) {
            ssize_t n = write(fd, block, sizeof block);
            if (n <= 0) return got;
            got += n;
        }
        close(fd);
    }
    return got;
}

int main(void) {
    long got = fill("/dev/shm") + fill("/tmp");
    puts(got > 400L << 20 ? "ESCAPED: 400 MiB" : "held");
    return 0;
}
