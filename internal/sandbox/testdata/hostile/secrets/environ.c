/* Looks for a word of the harness above its own stack and in its environment. */
#include <stdio.h>
#include <string.h>

extern char **environ;

int main(int argc, char **argv) {
    char word[256];
    if (!fgets(word, sizeof word, stdin)) return 1;
    size_t n = strcspn(word, "\n");
    for (size_t i = 0; i < n / 2; i++) { char c = word[i]; word[i] = word[n - 1 - i]; word[n - 1 - i] = c; }
    word[n] = 0;
    for (char **e = environ; *e; e++)
        if (strstr(*e, word)) puts("ESCAPED: a secret in the environment");
    for (int i = 0; i < argc; i++)
        if (strstr(argv[i], word)) puts("ESCAPED: a secret in the arguments");
    puts("held");
    return 0;
}
