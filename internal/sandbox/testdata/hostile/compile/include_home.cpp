// Includes files of the host by other ways.
#if __has_include("/proc/1/root{secrethome}")
#include "/proc/1/root{secrethome}"
#endif
#include "/tmp/../..{secrethome}"
int main() {}
