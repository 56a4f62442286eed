package flow_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

var patience = flow.Retries{Tries: 4, Unreachable: 2, Refused: 4, First: time.Second, Most: 4 * time.Second, MostAsked: time.Minute}

func TestFailuresThatMayPassAreTriedAgain(t *testing.T) {
	for _, c := range []struct {
		name      string
		fails     int
		with      eval.Failure
		tries     int
		works     bool
		min, most time.Duration
	}{
		{"what passes is tried again", 2, gateway, 3, true, 1500 * time.Millisecond, 5 * time.Second},
		{"until the tries are used up", 9, gateway, 4, false, 3 * time.Second, 12 * time.Second},
		{"a 429 too", 9, busy, 4, false, 3 * time.Second, 20 * time.Second},
		{"what does not pass is not", 9, eval.Failure{Kind: eval.FailRequest, Status: 400}, 1, false, 0, 0},
		{"an address where nothing answers is given up sooner", 9, nobody, 2, false, time.Second / 2, 2 * time.Second},
		{"a connection that was lost in an answer is not nobody", 9, eval.Failure{Kind: eval.FailConnection, Temporary: true, Begun: true}, 4, false, 3 * time.Second, 12 * time.Second},
		{"the server's wish is obeyed", 1, eval.Failure{Kind: eval.FailRateLimit, Status: 429, Temporary: true, RetryAfter: 30 * time.Second}, 2, true, 30 * time.Second, 33 * time.Second},
		{"but not for hours", 1, eval.Failure{Kind: eval.FailRateLimit, Status: 429, Temporary: true, RetryAfter: time.Hour}, 1, false, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				under := failing(c.fails, c.with)
				start := time.Now()
				out, err := flow.New(flow.Options{Retries: patience}).Wrap(under).Generate(t.Context(), trial(0))
				took := time.Since(start)
				assert.EqualValues(t, c.tries, under.calls.Load())
				assert.Equal(t, c.tries, out.Tries)
				assert.True(t, c.min <= took && took <= c.most, "took %v", took)
				if c.works {
					require.NoError(t, err)
				} else {
					assert.Equal(t, c.tries, asFailure(t, err).Tries)
				}
			})
		})
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/4)
		defer cancel()
		e := flow.New(flow.Options{Retries: patience})
		_, err := e.Wrap(failing(9, gateway)).Generate(ctx, trial(0))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Zero(t, e.State().InFlight)
		assert.Zero(t, e.State().BackingOff)
	})
}

func TestWhatIsNoFailurePassesUntouched(t *testing.T) {
	defect := fmt.Errorf("a defect")
	for _, want := range []error{eval.ErrSpent, fmt.Errorf("reserve: %w", eval.ErrSpent), defect} {
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) { return eval.Response{}, want }}
		e := flow.New(flow.Options{Breaker: flow.Breaker{Failures: 1}})
		for range 50 {
			_, err := e.Wrap(under).Generate(t.Context(), trial(0))
			assert.Same(t, want, err)
		}
		assert.EqualValues(t, 50, under.calls.Load())
		s := e.State()
		assert.False(t, s.Down)
		assert.Empty(t, s.LastFailure)
		assert.Zero(t, s.InFlight)
	}
}

func TestTheCostOfAllTriesIsKept(t *testing.T) {
	cents := func(n float64) *float64 { return &n }
	tokens := 100
	run := func(t *testing.T, costs []*float64, begun, works bool) (out eval.Response) {
		synctest.Test(t, func(t *testing.T) {
			under := &script{f: func(_ context.Context, call int, _ eval.Request) (eval.Response, error) {
				out := eval.Response{Raw: "ok", Cost: costs[call-1], Usage: eval.Usage{Output: &tokens}}
				if call < len(costs) || !works {
					f := gateway
					f.Begun = begun
					return out, &f
				}
				return out, nil
			}}
			var err error
			out, err = flow.New(flow.Options{Retries: flow.Retries{Tries: len(costs)}}).Wrap(under).Generate(t.Context(), trial(0))
			assert.Equal(t, works, err == nil)
		})
		return out
	}
	out := run(t, []*float64{cents(1), cents(2), cents(4)}, true, true)
	assert.InDelta(t, 7, *out.Cost, 1e-9)
	assert.Equal(t, 100, *out.Usage.Output, "the length of the answer is that of the answer")
	assert.InDelta(t, 4, *run(t, []*float64{cents(0), cents(0), cents(4)}, false, true).Cost, 1e-9, "what was refused cost nothing")
	assert.Nil(t, run(t, []*float64{nil, nil, cents(4)}, false, true).Cost, "a connection that was lost may have been billed")
	assert.Nil(t, run(t, []*float64{nil, cents(4)}, true, true).Cost, "what began cost what nobody knows")
	assert.Nil(t, run(t, []*float64{cents(1), nil}, true, true).Cost)
	out = run(t, []*float64{cents(1), cents(2)}, true, false)
	assert.InDelta(t, 3, *out.Cost, 1e-9, "a failure has a cost too")
	assert.Equal(t, 200, *out.Usage.Output)
	assert.Nil(t, run(t, []*float64{nil, nil}, true, false).Cost)
}

func TestARunRepeatsOnlyAShareOfItsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := 0
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
			i++ // a new error each time, and an answer now and then, so that nothing else stops it
			if i%5 == 0 {
				return good, nil
			}
			return eval.Response{}, &eval.Failure{Kind: eval.FailServer, Status: 500, Message: fmt.Sprint("error ", string(rune('a'+i%20))), Temporary: true}
		}}
		e := flow.New(flow.Options{Retries: flow.Retries{Share: 0.5, Spare: 10}})
		r := e.Wrap(under)
		said := 0
		for n := range 100 {
			if _, err := r.Generate(t.Context(), trial(n)); err != nil && asFailure(t, err).Hint != "" {
				said++
				assert.Contains(t, asFailure(t, err).Hint, "not sent again")
			}
		}
		assert.LessOrEqual(t, e.State().Retries, 60)
		assert.Greater(t, e.State().Retries, 50)
		assert.Positive(t, said)
	})
}

func TestARequestWaitsOnlySoLongInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := busy
		f.RetryAfter = 50 * time.Second
		start := time.Now()
		_, err := flow.New(flow.Options{Retries: flow.Retries{Wait: 2 * time.Minute}}).Wrap(failing(99, f)).Generate(t.Context(), trial(0))
		assert.Contains(t, asFailure(t, err).Hint, "overloaded for long")
		assert.Less(t, time.Since(start), 2*time.Minute)
		assert.Equal(t, 3, asFailure(t, err).Tries)
	})
}

func TestAPanicIsTheFailureOfThatTryAlone(t *testing.T) {
	under := &script{f: func(_ context.Context, call int, _ eval.Request) (eval.Response, error) {
		if call == 1 {
			panic("out of paper")
		}
		return good, nil
	}}
	e := flow.New(flow.Options{Fixed: 1})
	r := e.Wrap(under)
	_, err := r.Generate(t.Context(), trial(0))
	f := asFailure(t, err)
	assert.Equal(t, eval.FailInternal, f.Kind)
	assert.Contains(t, f.Message, "out of paper")
	assert.Zero(t, e.State().InFlight)
	_, err = r.Generate(t.Context(), trial(1))
	require.NoError(t, err, "the slot is free again")
}

func TestARequestThatWaitsToBeSentAgainHoldsNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		under := &script{f: func(_ context.Context, call int, q eval.Request) (eval.Response, error) {
			time.Sleep(time.Second)
			if q.Key.Trial == 0 && call == 1 {
				f := gateway
				return eval.Response{}, &f
			}
			return good, nil
		}}
		e := flow.New(flow.Options{Fixed: 1, Retries: flow.Retries{First: time.Minute}})
		r := e.Wrap(under)
		start := time.Now()
		var all sync.WaitGroup
		all.Go(func() { _, _ = r.Generate(t.Context(), trial(0)) })
		synctest.Wait()
		out, err := r.Generate(t.Context(), trial(1))
		require.NoError(t, err)
		assert.Equal(t, 2*time.Second, time.Since(start))
		assert.Equal(t, time.Second, out.Timing.Queue)
		assert.Equal(t, 1, e.State().BackingOff)
		all.Wait()
	})
}

func TestNothingIsSentAgainAfterItsSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		answered := map[int]int{}
		under := &script{}
		under.f = func(_ context.Context, call int, q eval.Request) (eval.Response, error) {
			time.Sleep(time.Duration(call%7) * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			if answered[q.Key.Trial] > 0 {
				t.Errorf("request %d was sent again", q.Key.Trial)
			}
			for i, f := range []eval.Failure{busy, gateway, nobody, broken} {
				if call%20 == i*5 {
					return eval.Response{}, &f
				}
			}
			answered[q.Key.Trial]++
			return good, nil
		}
		r := flow.New(flow.Options{}).Wrap(under)
		var all sync.WaitGroup
		for i := range 2000 {
			all.Go(func() { _, _ = r.Generate(t.Context(), trial(i)) })
		}
		all.Wait()
		assert.Greater(t, len(answered), 1900)
	})
}

func TestTheRunnerBelowIsFound(t *testing.T) {
	under := failing(0, busy)
	found, ok := eval.Find[*script](flow.New(flow.Options{}).Wrap(under))
	assert.True(t, ok)
	assert.Same(t, under, found)
}
