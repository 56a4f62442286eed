// Threads, a large stack, input by lines, a panic that ends it.
use std::{io, thread};

fn depth(n: u64) -> u64 {
    if n == 0 { 0 } else { 1 + std::hint::black_box(depth(n - 1)) }
}

fn main() {
    let sum: i64 = io::stdin().lines().map(|l| l.unwrap().trim().parse::<i64>().unwrap()).sum();
    let deep = thread::Builder::new().stack_size(64 << 20).spawn(|| depth(200_000)).unwrap();
    println!("{} {}", sum, deep.join().unwrap());
    panic!("on purpose");
}
