package flow_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

// noop is a Runner that answers at once.
type noop struct{}

func (noop) Name() string { return "m" }

func (noop) Generate(context.Context, eval.Request) (eval.Response, error) { return good, nil }

func BenchmarkWrap(b *testing.B) {
	r := flow.New(flow.Options{}).Wrap(noop{})
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = r.Generate(ctx, eval.Request{})
	}
}

// BenchmarkWrapTenThousand has ten thousand goroutines share a thousand slots, so
// that almost every request waits in line.
func BenchmarkWrapTenThousand(b *testing.B) {
	r := flow.New(flow.Options{Fixed: 1000}).Wrap(noop{})
	ctx := context.Background()
	work := make(chan struct{}, 10000)
	var all sync.WaitGroup
	for range 10000 {
		all.Go(func() {
			for range work {
				_, _ = r.Generate(ctx, eval.Request{})
			}
		})
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	all.Wait()
}

// yielding is a Runner whose requests overlap.
type yielding struct{ noop }

func (yielding) Generate(context.Context, eval.Request) (eval.Response, error) {
	var turn sync.WaitGroup
	turn.Go(func() {})
	turn.Wait()
	return good, nil
}

// BenchmarkWrapInLine has ten thousand goroutines share ten slots.
func BenchmarkWrapInLine(b *testing.B) {
	for name, under := range map[string]eval.Runner{"bare": yielding{}, "wrapped": flow.New(flow.Options{Fixed: 10}).Wrap(yielding{})} {
		b.Run(name, func(b *testing.B) {
			ctx := context.Background()
			var all sync.WaitGroup
			b.ReportAllocs()
			each := b.N/10000 + 1
			for range min(b.N, 10000) {
				all.Go(func() {
					for range each {
						_, _ = under.Generate(ctx, eval.Request{})
					}
				})
			}
			all.Wait()
		})
	}
}

func BenchmarkObserve(b *testing.B) {
	e := flow.New(flow.Options{})
	h := http.Header{}
	for _, of := range []string{"Requests", "Tokens"} {
		h.Set("X-Ratelimit-Limit-"+of, "600000")
		h.Set("X-Ratelimit-Remaining-"+of, "599999")
		h.Set("X-Ratelimit-Reset-"+of, "17ms")
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Observe(http.StatusOK, h)
	}
}
