// Fills the heap.
package main

import "fmt"

func main() {
	var all [][]byte
	for range 600 {
		b := make([]byte, 1<<20)
		for k := 0; k < len(b); k += 4096 {
			b[k] = 1
		}
		all = append(all, b)
	}
	fmt.Println("ESCAPED: 600 MiB", len(all))
}
