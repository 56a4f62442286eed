// Legitimate: thirty-two threads at once, with the stacks that they get.
#include <atomic>
#include <iostream>
#include <thread>
#include <vector>

int main() {
    std::atomic<int> sum{0};
    std::vector<std::thread> all;
    for (int i = 1; i <= 32; i++) all.emplace_back([&sum, i] { sum += i; std::this_thread::sleep_for(std::chrono::milliseconds(100)); });
    for (auto &t : all) t.join();
    std::cout << sum << "\n";
}
