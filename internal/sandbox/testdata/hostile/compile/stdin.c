/* Includes the compiler's standard input. */
#include "/dev/stdin"
int main(void) { return 0; }
