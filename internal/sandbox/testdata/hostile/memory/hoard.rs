// Fills the heap.
fn main() {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for _ in 0..600 {
        all.push(vec![1u8; 1 << 20]);
    }
    println!("ESCAPED: {} MiB", all.len());
}
