// Puts the harness's environment into the program.
fn main() {
    println!("{:?} {:?}", option_env!("EVALR_CANARY"), option_env!("HOME"));
    println!("{}", if option_env!("EVALR_CANARY").is_some() { "ESCAPED: the environment" } else { "held" });
}
