/* Writes the words of a supervisor on every descriptor, and fails. */
#include <string.h>
#include <unistd.h>

int main(void) {
    long words[9] = {2, 0, 0, 0, 0, 0, 0, 0, 0};
    for (int fd = 3; fd < 1024; fd++)
        if (write(fd, words, sizeof words) > 0) write(1, "ESCAPED: a descriptor\n", 22);
    return 7;
}
