package flow_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/runners/flow"
)

// trials are the simulated servers on which the search is measured against fixed
// numbers in flight. most bounds the limit in the second half.
var trials = []struct {
	setup
	most int
}{
	{setup{name: "fast: 5 ms, 300 at once", server: func() server { return newQueueing(300, 200) }, length: same(1), tasks: 60000}, 768},
	{setup{name: "fast, log-normal", server: func() server { return newQueueing(300, 20000) }, length: thoughts(100), tasks: 30000}, 768},
	{setup{name: "queueing: 64 at once", server: func() server { return newQueueing(64, speed) }, length: same(500), tasks: 6000}, 160},
	{setup{name: "queueing, log-normal", server: func() server { return newQueueing(64, speed) }, length: thoughts(500), tasks: 8000}, 160},
	{setup{name: "queueing, log-normal, tokens not told", server: func() server { return newQueueing(64, speed) }, length: thoughts(500), tasks: 8000, untold: true}, 200},
	{setup{name: "batching: ever slower", server: func() server { return &batching{speed: 60, half: 64} }, length: same(500), tasks: 12000}, 1024},
	{setup{name: "batching, log-normal", server: func() server { return &batching{speed: 60, half: 64} }, length: thoughts(500), tasks: 12000}, 1024},
	{setup{name: "600 a minute, with headers", server: func() server { return &limited{rpm: 600, burst: 600, headers: true, retryAfter: true} }, length: thoughts(300), tasks: 10000}, 512},
	{setup{name: "600 a minute, Retry-After alone", server: func() server { return &limited{rpm: 600, burst: 600, retryAfter: true} }, length: thoughts(300), tasks: 10000}, 512},
	{setup{name: "600 a minute, 429 alone", server: func() server { return &limited{rpm: 600, burst: 600} }, length: thoughts(300), tasks: 10000}, 512},
	{setup{name: "600 a minute, no bursts, 429 alone", server: func() server { return &limited{rpm: 600, burst: 10} }, length: thoughts(300), tasks: 10000}, 512},
	{setup{name: "60,000 tokens a minute, with headers", server: func() server { return &limited{rpm: 1000, burst: 1000, tpm: 60000, headers: true} }, length: thoughts(300), tasks: 2500}, 256},
	{setup{name: "600 in each minute, Retry-After", server: func() server { return &windowed{rpm: 600, retryAfter: true} }, length: thoughts(300), tasks: 6000}, 1024},
	{setup{name: "600 in each minute, 429 alone", server: func() server { return &windowed{rpm: 600} }, length: thoughts(300), tasks: 6000}, 1024},
	{setup{name: "429 above 100 at once", server: func() server { return newFull(100, true) }, length: thoughts(300), tasks: 10000}, 160},
	{setup{name: "503 above 100 at once", server: func() server { return newFull(100, false) }, length: thoughts(300), tasks: 10000}, 160},
}

// fixed are the numbers in flight with which the search is compared; the best for
// each server is near one of them.
var fixed = []int{32, 64, 100, 128, 320, 512, 1024}

func TestTheSearchReachesTheBestFixedNumberInFlight(t *testing.T) {
	var table []figures
	for _, c := range trials {
		t.Run(c.name, func(t *testing.T) {
			c.workers = 1500
			f := figures{name: c.name}
			all := make([]run, len(fixed))
			for i, n := range fixed {
				all[i] = simulate(t, c.setup, flow.Options{Fixed: n})
				if all[i].failed == 0 && all[i].steady > f.best.steady {
					f.best = all[i]
				}
			}
			f.at = fixed[slices.IndexFunc(all, func(r run) bool { return r.failed == 0 && r.steady > 0.99*f.best.steady })]
			f.found = simulate(t, c.setup, flow.Options{})
			table = append(table, f)
			t.Log(f)
			assert.GreaterOrEqual(t, f.found.steady, 0.9*f.best.steady, "tokens a second after the warm-up")
			assert.LessOrEqual(t, f.found.share, 0.05, "429s after the warm-up")
			assert.Zero(t, f.found.failed)
			_, high := f.found.limits(0.5)
			assert.LessOrEqual(t, high, c.most, "the limit does not explode")
		})
	}
	if *update {
		write(t, table)
	}
}
