/* Takes descriptors until it is refused. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
    int n = 0;
    while (n < 200000 && dup(0) >= 0) n++;
    puts(n > 100000 ? "ESCAPED: 100000 descriptors" : "held");
    return 0;
}
