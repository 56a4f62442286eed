/* Ends without reading what it is sent. */
#include <stdio.h>

int main(void) { puts("not read"); return 0; }
