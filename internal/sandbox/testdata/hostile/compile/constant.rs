// Computes for ever in a constant.
const N: u64 = {
    let mut i: u64 = 1;
    while i != 0 {
        i += 2;
        if i > 1 << 60 {
            i = 1;
        }
    }
    i
};

fn main() {
    println!("{}", N);
}
