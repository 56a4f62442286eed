/* A billion tokens in ten lines. */
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(x)))
int main(void) { B(B(B(;))) return 0; }
