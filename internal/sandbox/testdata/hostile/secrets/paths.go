// Reads files of the host by name, through other roots.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		for _, root := range []string{"", "/proc/1/root", "/proc/self/root", fmt.Sprintf("/proc/%d/root", os.Getppid()), "/tmp/../.."} {
			if text, _ := os.ReadFile(root + in.Text()); len(text) > 0 {
				fmt.Println("ESCAPED: read a secret")
			}
		}
	}
	fmt.Println("held")
}
