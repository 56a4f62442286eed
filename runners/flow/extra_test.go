package flow_test

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

type windowed struct {
	limit      int
	retryAfter bool
	speed      float64
	mu         sync.Mutex
	start      time.Time
	used       int
}

func (w *windowed) serve(tokens float64) error {
	time.Sleep(roundTrip / 2)
	w.mu.Lock()
	now := time.Now()
	if w.start.IsZero() || now.Sub(w.start) >= time.Minute {
		w.start, w.used = now.Truncate(time.Minute), 0
	}
	ok := w.used < w.limit
	if ok {
		w.used++
	}
	left := w.start.Add(time.Minute).Sub(now)
	w.mu.Unlock()
	time.Sleep(roundTrip / 2)
	if !ok {
		f := &eval.Failure{Kind: eval.FailRateLimit, Status: http.StatusTooManyRequests, Message: "429", Temporary: true}
		if w.retryAfter {
			f.RetryAfter = time.Duration(math.Ceil(left.Seconds())) * time.Second
		}
		return f
	}
	time.Sleep(time.Duration(tokens / w.speed * float64(time.Second)))
	return nil
}

func TestExtra(t *testing.T) {
	for _, s := range []setup{
		{name: "window RA", server: func() server { return &windowed{limit: 600, speed: 50, retryAfter: true} }, length: thoughts(300), tasks: 6000, workers: 1500},
		{name: "window", server: func() server { return &windowed{limit: 600, speed: 50} }, length: thoughts(300), tasks: 6000, workers: 1500},
		{name: "rpm 6000", server: func() server { return &limited{rpm: 6000, burst: 6000, speed: 50} }, length: thoughts(300), tasks: 40000, workers: 3000},
		{name: "rpm 6000 hdr", server: func() server { return &limited{rpm: 6000, burst: 6000, speed: 50, headers: true} }, length: thoughts(300), tasks: 40000, workers: 3000},
		{name: "rpm 30", server: func() server { return &limited{rpm: 30, burst: 30, speed: 50} }, length: thoughts(300), tasks: 600, workers: 100},
		{name: "rpm 30 RA", server: func() server { return &limited{rpm: 30, burst: 30, speed: 50, retryAfter: true} }, length: thoughts(300), tasks: 600, workers: 100},
		{name: "rpm 30 hdr", server: func() server { return &limited{rpm: 30, burst: 30, speed: 50, headers: true} }, length: thoughts(300), tasks: 600, workers: 100},
		{name: "rpm 600 fast", server: func() server { return &limited{rpm: 600, burst: 60, speed: 500000} }, length: thoughts(300), tasks: 6000, workers: 1500},
	} {
		for _, o := range []flow.Options{{Fixed: 32}, {Fixed: 512}, {}} {
			r := simulate(t, s, o)
			fmt.Printf("%s %d: %.1f (whole %.1f) 429 %.4f failed %d limit end %d rpm %.1f refused %d\n", s.name, o.Fixed, r.steady, r.whole, r.share, r.failed, r.state.Limit, r.state.RPM, r.state.Refused)
		}
	}
}
