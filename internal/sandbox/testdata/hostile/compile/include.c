/* Includes a file of the host, so that its words stand in the compiler's. */
#include "{secretfile}"
int main(void) { return 0; }
