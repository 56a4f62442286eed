/* Makes sockets of every family that reaches past a network namespace or into the kernel. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
    static const int families[] = {3, 4, 5, 6, 9, 15, 16, 17, 19, 20, 21, 22, 23, 24, 26, 27, 29, 30, 31, 32, 33, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45};
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};
    for (unsigned f = 0; f < sizeof families / sizeof *families; f++)
        for (int t = 0; t < 4; t++)
            if (socket(families[f], types[t], 0) >= 0) printf("ESCAPED: a socket of family %d, type %d\n", families[f], types[t]);
    for (int protocol = 0; protocol < 256; protocol++)
        if (socket(AF_INET, SOCK_RAW, protocol) >= 0 || socket(AF_INET6, SOCK_RAW, protocol) >= 0) printf("ESCAPED: a raw socket of protocol %d\n", protocol);
    puts("held");
    return 0;
}
