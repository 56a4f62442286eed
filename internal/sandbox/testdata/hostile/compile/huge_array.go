// A program of a terabyte.
package main

var all = [1 << 40]byte{7: 1}

func main() { println(all[7]) }
