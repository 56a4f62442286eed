// Reads numbers, has threads and a deep recursion, throws and catches.
#include <future>
#include <iostream>
#include <stdexcept>
#include <vector>

static long depth(long n) { return n == 0 ? 0 : 1 + depth(n - 1); }

int main() {
    std::vector<long> all;
    for (long n; std::cin >> n;) all.push_back(n);
    auto sum = std::async(std::launch::async, [&] { long s = 0; for (long n : all) s += n; return s; });
    try { throw std::runtime_error("caught"); } catch (const std::exception &e) { std::cout << e.what() << ' '; }
    std::cout << sum.get() << ' ' << depth(100000) << '\n';
}
