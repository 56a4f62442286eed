/* Leaves files in /tmp and /dev/shm; the same program finds those of an earlier run. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    if (access("/tmp/left", F_OK) == 0 || access("/dev/shm/left", F_OK) == 0) puts("ESCAPED: files of another program");
    open("/tmp/left", O_CREAT | O_WRONLY, 0666);
    open("/dev/shm/left", O_CREAT | O_WRONLY, 0666);
    puts("held");
    return 0;
}
