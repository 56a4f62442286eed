// Computes for ever on every processor.
package main

import "runtime"

func main() {
	for range runtime.NumCPU() {
		go func() {
			for {
			}
		}()
	}
	select {}
}
