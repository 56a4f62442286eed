/* Has the compiler read the memory and environment of the one who started it. */
#include "/proc/self/environ"
#include "/proc/1/environ"
#include "/proc/1/cmdline"
int main(void) { return 0; }
