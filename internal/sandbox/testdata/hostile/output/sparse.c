/* Makes a file of a terabyte that takes no room. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    struct stat st;
    int fd = open("/tmp/sparse", O_CREAT | O_RDWR, 0600);
    if (ftruncate(fd, 1L << 40) != 0) { }
    if (pwrite(fd, "x", 1, 1L << 39) != 1) { }
    puts(fstat(fd, &st) == 0 && st.st_size > 1L << 30 ? "ESCAPED: a huge file" : "held");
    return 0;
}
