/* Aborts: no core, the signal is told. */
#include <stdio.h>
#include <stdlib.h>

int main(void) { puts("before"); fflush(stdout); abort(); }
