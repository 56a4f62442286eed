package cot

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDump(t *testing.T) {
	f, _ := os.Open(os.Getenv("DUMP"))
	z, _ := gzip.NewReader(f)
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<24)
	want := os.Getenv("KIND")
	n := map[ClaimKind]int{}
	for i := 0; sc.Scan(); i++ {
		var r struct {
			Response, Problem string
			Gold              any
		}
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		for _, c := range Arithmetic(r.Response) {
			n[c.Kind]++
			if string(c.Kind) == want {
				a, b := max(0, c.Start-60), min(len(r.Response), c.End+60)
				fmt.Printf("%d:%d %s ⟦%s⟧ %s  ==> %s\n", i, c.Start, strings.ReplaceAll(r.Response[a:c.Start], "\n", "⏎"), r.Response[c.Start:c.End], strings.ReplaceAll(r.Response[c.End:b], "\n", "⏎"), c.Value)
			}
		}
	}
	fmt.Println(n)
}
