// Goroutines, channels, a large input by bufio, a temporary file, a panic that is caught.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

func main() {
	defer func() {
		fmt.Println(recover())
		os.Exit(6)
	}()
	in := bufio.NewReader(os.Stdin)
	var n int
	_, _ = fmt.Fscan(in, &n)
	sums := make(chan int, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { sums <- i })
	}
	all.Wait()
	close(sums)
	total := 0
	for s := range sums {
		total += s
	}
	f, err := os.CreateTemp("", "x")
	fmt.Println(total, err, f != nil)
	panic("caught")
}
