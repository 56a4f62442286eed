package flow_test

import (
	"fmt"
	"github.com/evalr/evalr/runners/flow"
	"testing"
	"time"
)

func TestTmp(t *testing.T) {
	for _, st := range []int{429, 503} {
		for _, d := range []time.Duration{5 * time.Millisecond, 10 * time.Second} {
			c := setup{server: func() server { return &faulty{status: st, took: d} }, length: same(1), tasks: 3000, workers: 64}
			for _, n := range []int{0, 64} {
				r := simulate(t, c, flow.Options{Fixed: n})
				lo, hi := r.limits(.25)
				fmt.Println("::", st, d, n, "failed", r.failed, r.state.Retries, "took", r.points[len(r.points)-1].at, r.steady, lo, hi, r.state.RPM)
			}
		}
	}
}
