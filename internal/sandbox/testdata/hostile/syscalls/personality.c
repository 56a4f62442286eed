/* Asks for another personality: readable memory that is executable, an old address layout. */
#include <stdio.h>
#include <sys/personality.h>

int main(void) {
    if (personality(READ_IMPLIES_EXEC) != -1) puts("ESCAPED: readable is executable");
    if (personality(ADDR_NO_RANDOMIZE) != -1) puts("ESCAPED: a fixed layout");
    if (personality(PER_LINUX32) != -1) puts("ESCAPED: another machine");
    puts("held");
    return 0;
}
