/* A program of four gigabytes. */
char all[1L << 32] = {1};
int main(void) { return all[7]; }
