// Locks goroutines to threads until the runtime gives up.
package main

import (
	"fmt"
	"runtime"
	"syscall"
	"time"
)

func main() {
	for range 1000 {
		go func() {
			runtime.LockOSThread()
			_ = syscall.Nanosleep(&syscall.Timespec{Sec: 60}, nil)
		}()
	}
	time.Sleep(500 * time.Millisecond)
	fmt.Println("ESCAPED: 1000 threads")
}
