/* Says too much on the other stream. */
#include <stdio.h>

int main(void) {
    for (;;) fputs("no no no no no no no no no no no no no no no no\n", stderr);
}
