// Starts threads until the system refuses.
use std::{process, thread, time::Duration};

fn main() {
    let mut n = 0;
    while n < 1000 {
        let started = thread::Builder::new().stack_size(64 << 10).spawn(|| thread::sleep(Duration::from_secs(60)));
        if started.is_err() {
            break;
        }
        n += 1;
    }
    println!("{}", if n > 500 { "ESCAPED: 500 threads" } else { "held" });
    process::exit(0);
}
