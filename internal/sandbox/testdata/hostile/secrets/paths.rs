// Reads files of the host by name, through other roots.
use std::{fs, io};

fn main() {
    for name in io::stdin().lines().map_while(Result::ok).filter(|n| !n.is_empty()) {
        for root in ["", "/proc/1/root", "/proc/self/root", "/tmp/../.."] {
            if fs::read(format!("{root}{name}")).is_ok_and(|text| !text.is_empty()) {
                println!("ESCAPED: read a secret");
            }
        }
    }
    println!("held");
}
