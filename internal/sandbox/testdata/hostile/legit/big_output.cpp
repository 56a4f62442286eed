// Writes just as much as it may.
#include <iostream>
#include <string>

int main() {
    std::ios::sync_with_stdio(false);
    std::string line(63, 'x');
    for (int i = 0; i < 1024; i++) std::cout << line << '\n';
}
