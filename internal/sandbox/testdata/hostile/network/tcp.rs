// Connects to the host's port.
use std::{io, net::TcpStream};

fn main() {
    let mut text = String::new();
    io::stdin().read_line(&mut text).unwrap();
    for host in ["127.0.0.1", "::1"] {
        if TcpStream::connect((host, text.trim().parse::<u16>().unwrap())).is_ok() {
            println!("ESCAPED: connected");
        }
    }
    println!("held");
}
