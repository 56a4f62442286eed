// Asks for the C compiler, with flags.
package main

// #cgo LDFLAGS: -Wl,--version
// #include "/etc/passwd"
import "C"

func main() { C.puts(nil) }
