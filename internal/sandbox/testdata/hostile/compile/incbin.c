/* Has the assembler put a file of the host into the program. */
#include <stdio.h>

__asm__(".section .rodata\nsecret: .incbin \"{secretfile}\"\n.byte 0\n.text");
extern const char secret[];

int main(void) { puts(secret); return 0; }
