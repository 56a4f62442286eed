// Puts a file of the host into the program.
fn main() {
    println!("{}", include_str!("{secretfile}"));
}
