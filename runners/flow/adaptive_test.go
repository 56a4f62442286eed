package flow_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/runners/flow"
)

// setups are the servers of the simulation.
var setups = []setup{
	{name: "fast", server: func() server { return newQueueing(300, 200) }, length: same(1), tasks: 60000, workers: 1500},
	{name: "fast, reasoning", server: func() server { return newQueueing(300, 20000) }, length: thoughts(100), tasks: 30000, workers: 1500},
	{name: "queueing", server: func() server { return newQueueing(64, 50) }, length: same(500), tasks: 6000, workers: 1500},
	{name: "queueing, reasoning", server: func() server { return newQueueing(64, 50) }, length: thoughts(500), tasks: 8000, workers: 1500},
	{name: "queueing, reasoning, tokens untold", server: func() server { return newQueueing(64, 50) }, length: thoughts(500), untold: true, tasks: 8000, workers: 1500},
	{name: "batching", server: func() server { return &batching{speed: 60, half: 64} }, length: same(500), tasks: 12000, workers: 1500},
	{name: "batching, reasoning", server: func() server { return &batching{speed: 60, half: 64} }, length: thoughts(500), tasks: 12000, workers: 1500},
	{name: "limited, headers", server: func() server { return &limited{rpm: 600, burst: 600, speed: 50, headers: true, retryAfter: true} }, length: thoughts(300), tasks: 6000, workers: 1500},
	{name: "limited, Retry-After", server: func() server { return &limited{rpm: 600, burst: 600, speed: 50, retryAfter: true} }, length: thoughts(300), tasks: 6000, workers: 1500},
	{name: "limited, 429 alone", server: func() server { return &limited{rpm: 600, burst: 600, speed: 50} }, length: thoughts(300), tasks: 6000, workers: 1500},
	{name: "limited, small burst", server: func() server { return &limited{rpm: 600, burst: 10, speed: 50} }, length: thoughts(300), tasks: 6000, workers: 1500},
}

var fixedSettings = []int{4, 8, 16, 32, 64, 96, 128, 192, 256, 320, 384, 512, 768, 1024}

func TestAdaptive(t *testing.T) {
	for _, s := range setups {
		t.Run(s.name, func(t *testing.T) {
			best, at := run{}, 0
			for _, n := range fixedSettings {
				r := simulate(t, s, flow.Options{Fixed: n})
				if testing.Verbose() {
					fmt.Printf("   fixed %4d: steady %.1f whole %.1f 429 %.3f failed %d\n", n, r.steady, r.whole, r.share, r.failed)
				}
				if r.steady > best.steady {
					best, at = r, n
				}
			}
			r := simulate(t, s, flow.Options{})
			lo, hi := 1<<30, 0
			for _, p := range r.points[len(r.points)/4:] {
				lo, hi = min(lo, p.limit), max(hi, p.limit)
			}
			fmt.Printf("%s: best %d %.1f; adaptive %.1f = %.3f (whole %.3f) 429 %.4f failed %d limit end %d in [%d,%d] rpm %.1f refused %d\n", s.name, at, best.steady, r.steady, r.steady/best.steady, r.whole/best.whole, r.share, r.failed, r.state.Limit, lo, hi, r.state.RPM, r.state.Refused)
			assert.GreaterOrEqual(t, r.steady, 0.9*best.steady)
			assert.LessOrEqual(t, r.share, 0.05)
		})
	}
}
