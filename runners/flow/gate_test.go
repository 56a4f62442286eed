package flow_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

// blocking is a Runner that answers after a time, or when its context ends.
func blocking(d time.Duration) *script {
	return &script{f: func(ctx context.Context, _ int, _ eval.Request) (eval.Response, error) {
		select {
		case <-time.After(d):
			return good, nil
		case <-ctx.Done():
			return eval.Response{}, ctx.Err()
		}
	}}
}

func TestNoMoreThanTheFixedNumberAreUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var flying, most atomic.Int64
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
			most.Store(max(most.Load(), flying.Add(1)))
			time.Sleep(time.Second)
			flying.Add(-1)
			return good, nil
		}}
		e := flow.New(flow.Options{Fixed: 5})
		one, two := e.Wrap(under), e.Wrap(under) // two models share the slots
		start := time.Now()
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() { _, _ = one.Generate(t.Context(), trial(i)) })
			all.Go(func() { _, _ = two.Generate(t.Context(), trial(i)) })
		}
		all.Wait()
		assert.EqualValues(t, 5, most.Load())
		assert.Equal(t, 20*time.Second, time.Since(start))
	})
}

func TestNoSlotIsLostByCancelling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := flow.New(flow.Options{Fixed: 10, RPM: 60000})
		r := e.Wrap(blocking(5 * time.Millisecond))
		dice := rand.New(rand.NewPCG(1, 2))
		var all sync.WaitGroup
		for i := range 3000 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(dice.IntN(1000))*time.Millisecond)
			all.Go(func() {
				defer cancel()
				if _, err := r.Generate(ctx, trial(i)); err != nil {
					assert.ErrorIs(t, err, context.DeadlineExceeded)
				}
			})
		}
		all.Wait()
		s := e.State()
		assert.Zero(t, s.InFlight)
		assert.Zero(t, s.Waiting)
		start := time.Now()
		for i := range 10 {
			all.Go(func() { _, _ = r.Generate(t.Context(), trial(i)) })
		}
		all.Wait()
		assert.Less(t, time.Since(start), 50*time.Millisecond, "all ten slots are there")
	})
}

func TestTheUsersOwnLimitIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sent []time.Time
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
			mu.Lock()
			sent = append(sent, time.Now())
			mu.Unlock()
			return good, nil
		}}
		r := flow.New(flow.Options{RPM: 120}).Wrap(under)
		var all sync.WaitGroup
		for i := range 241 {
			all.Go(func() { _, _ = r.Generate(t.Context(), trial(i)) })
		}
		all.Wait()
		for i := range sent[120:] {
			assert.GreaterOrEqual(t, sent[i+120].Sub(sent[i]), 59*time.Second, "121 requests in less than a minute")
		}
		assert.Less(t, sent[240].Sub(sent[0]), 2*time.Minute+time.Second, "the limit is used")
	})
}

func TestTokensAMinuteAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prompt, output := 100, 900
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
			time.Sleep(time.Second)
			return eval.Response{Usage: eval.Usage{Prompt: &prompt, Output: &output}}, nil
		}}
		e := flow.New(flow.Options{TPM: 60000})
		r := e.Wrap(under)
		start := time.Now()
		var all sync.WaitGroup
		for i := range 600 {
			all.Go(func() { _, _ = r.Generate(t.Context(), trial(i)) })
		}
		all.Wait()
		assert.InDelta(t, 600, time.Since(start).Seconds(), 30, "a thousand tokens each, a thousand a second")
		assert.InDelta(t, 60000, e.State().TPM, 1)
	})
}

func TestTokensOfPromptAndOutputAreCountedApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prompt, output := 900, 100
		e := flow.New(flow.Options{})
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
			e.Observe(200, http.Header{"Anthropic-Ratelimit-Input-Tokens-Limit": {"90000"}, "Anthropic-Ratelimit-Output-Tokens-Limit": {"10000"}})
			time.Sleep(time.Second)
			return eval.Response{Usage: eval.Usage{Prompt: &prompt, Output: &output}}, nil
		}}
		r := e.Wrap(under)
		start := time.Now()
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() { _, _ = r.Generate(t.Context(), trial(i)) })
		}
		all.Wait()
		assert.InDelta(t, 600, time.Since(start).Seconds(), 30, "a hundred requests a minute are within either limit")
	})
}

func TestAPauseIsForAllAndEndsForOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var back []time.Duration
		start := time.Now()
		under := &script{f: func(_ context.Context, call int, _ eval.Request) (eval.Response, error) {
			if call == 1 {
				f := busy
				f.RetryAfter = 20 * time.Second
				return eval.Response{}, &f
			}
			mu.Lock()
			back = append(back, time.Since(start))
			mu.Unlock()
			time.Sleep(time.Minute)
			return good, nil
		}}
		e := flow.New(flow.Options{Fixed: 50})
		r := e.Wrap(under)
		var all sync.WaitGroup
		all.Go(func() { _, _ = r.Generate(t.Context(), trial(0)) })
		synctest.Wait()
		assert.Equal(t, 1, e.State().BackingOff)
		assert.WithinDuration(t, start.Add(20*time.Second), e.State().PausedUntil, 2*time.Second)
		for i := range 49 {
			all.Go(func() { _, _ = r.Generate(t.Context(), trial(i+1)) })
		}
		all.Wait()
		require.Len(t, back, 50)
		assert.GreaterOrEqual(t, back[0], 20*time.Second)
		assert.Greater(t, back[49]-back[0], time.Second)
		for i := range 49 {
			assert.NotEqual(t, back[i], back[i+1], "two in the same moment")
		}
	})
}

func TestAServerThatAsksForHoursIsLeftAloneByAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := busy
		f.RetryAfter = 2 * time.Hour
		under := failing(1, f)
		e := flow.New(flow.Options{})
		r := e.Wrap(under)
		_, err := r.Generate(t.Context(), trial(0))
		assert.Contains(t, asFailure(t, err).Hint, "start again then")
		for i := range 100 {
			_, err = r.Generate(t.Context(), trial(i))
			assert.Contains(t, asFailure(t, err).Message, "left alone for another 2h0m0s")
			assert.Zero(t, asFailure(t, err).Tries)
		}
		assert.EqualValues(t, 1, under.calls.Load())
		time.Sleep(3 * time.Hour)
		_, err = r.Generate(t.Context(), trial(0))
		require.NoError(t, err)
	})
}

func TestADaysLimitThatIsUsedUpIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		under := failing(0, busy)
		e := flow.New(flow.Options{})
		e.Observe(200, http.Header{"X-Ratelimit-Limit-Requests": {"14400"}, "X-Ratelimit-Remaining-Requests": {"0"}, "X-Ratelimit-Reset-Requests": {"5h0m0s"}})
		_, err := e.Wrap(under).Generate(t.Context(), trial(0))
		assert.Contains(t, asFailure(t, err).Message, "limit is used up for another 5h0m0s")
		assert.Zero(t, under.calls.Load())
	})
}
