package money_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/money"
)

// takes answers after a time, or is cancelled.
func takes(d time.Duration) evaltest.Runner {
	return evaltest.Runner{Label: "m", F: func(ctx context.Context, q eval.Request) (eval.Response, error) {
		select {
		case <-time.After(d):
			return answers(10, 10).Generate(ctx, q)
		case <-ctx.Done():
			return eval.Response{}, ctx.Err()
		}
	}}
}

func TestNothingIsBegunThatWouldNotEndBeforeTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{Deadline: time.Now().Add(time.Hour)})
		r := p.Wrap(takes(7*time.Minute), perToken())
		done := 0
		var err error
		for err == nil {
			if _, err = r.Generate(t.Context(), ask(0)); err == nil {
				done++
			}
		}
		require.ErrorIs(t, err, eval.ErrSpent)
		assert.ErrorContains(t, err, "is 4m0s away, and nine of ten requests take up to 7m0s")
		assert.Equal(t, 8, done)
		assert.Equal(t, 4*time.Minute, p.State().Left)
	})
}

func TestWhatIsInFlightAtTheDeadlineIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{USD: 100, Deadline: time.Now().Add(time.Hour)})
		r := p.Wrap(takes(2*time.Hour), perToken())
		began := time.Now()
		out, err := r.Generate(t.Context(), ask(1000))
		require.ErrorIs(t, err, eval.ErrSpent)
		assert.ErrorContains(t, err, "the deadline of")
		assert.Equal(t, time.Hour, time.Since(began))
		assert.Nil(t, out.Cost)
		assert.InDelta(t, 2, p.State().USD, 1e-9, "it may be billed")
		_, err = r.Generate(t.Context(), ask(1000))
		require.ErrorIs(t, err, eval.ErrSpent)
		assert.InDelta(t, 2, p.State().USD, 1e-9)
	})
}

func TestWaitingForMoneyEndsWithTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{USD: 3, Deadline: time.Now().Add(time.Hour)})
		r := p.Wrap(takes(2*time.Hour), perToken())
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				_, err := r.Generate(t.Context(), ask(1000))
				assert.ErrorIs(t, err, eval.ErrSpent)
			})
		}
		all.Wait()
		assert.InDelta(t, 2, p.State().USD, 1e-9, "two only waited")
	})
}

// hourly is a server at an hour's price.
func hourly(usd float64) *money.Tariff {
	return money.NewTariff(&money.Price{Model: "m", GPUHour: &usd})
}

func TestATimeOfAServerIsSharedByThoseInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{})
		server := hourly(3600) // a dollar a second
		cost := func(start, length time.Duration) float64 {
			time.Sleep(start)
			out, err := p.Wrap(takes(length), server).Generate(t.Context(), ask(0))
			assert.NoError(t, err)
			return *out.Cost
		}
		var a, b, c float64
		var all sync.WaitGroup
		all.Go(func() { a = cost(0, 10*time.Second) })             // 0 to 10
		all.Go(func() { b = cost(4*time.Second, 10*time.Second) }) // 4 to 14
		all.Go(func() { c = cost(20*time.Second, time.Second) })   // alone
		all.Wait()
		assert.InDelta(t, 4+3, a, 1e-9)
		assert.InDelta(t, 3+4, b, 1e-9)
		assert.InDelta(t, 1, c, 1e-9)
		s := p.State()
		assert.InDelta(t, a+b+c, s.USD, 1e-9, "the shares are what the busy server cost")
		assert.Zero(t, s.Reserved)
		assert.Zero(t, s.Unpriced)
	})
}

func TestTheTimeOfAServerIsCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{USD: 100})
		server := hourly(3600)
		r := p.Wrap(takes(70*time.Second), server)
		began := time.Now()
		_, err := r.Generate(t.Context(), ask(0))
		require.NoError(t, err)
		_, err = r.Generate(t.Context(), ask(0))
		require.ErrorIs(t, err, eval.ErrSpent, "30 s can be paid, and a request takes 70")
		assert.Equal(t, 70*time.Second, time.Since(began))

		// Another model on the same server, of whose pace nothing is known.
		_, err = p.Wrap(takes(time.Hour), server).Generate(t.Context(), ask(0))
		require.ErrorIs(t, err, eval.ErrSpent)
		assert.ErrorContains(t, err, "the time of the server used up the last of it")
		assert.InDelta(t, 100, time.Since(began).Seconds(), 1e-3)
		assert.InDelta(t, 100, p.State().USD, 1e-3)
	})
}

func TestManyOnABusyServerCostNoMoreThanOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		p, err := money.NewPurse(money.Caps{USD: 1000}, money.Spent{}, ledger{d, &life{}, 10 * time.Millisecond})
		require.NoError(t, err)
		r := p.Wrap(takes(5*time.Minute), hourly(3600))
		var all sync.WaitGroup
		for range 500 {
			all.Go(func() {
				_, err := r.Generate(t.Context(), ask(0))
				assert.NoError(t, err)
			})
		}
		time.Sleep(3 * time.Minute)
		s := p.State()
		assert.InDelta(t, 180, s.USD, 31, "booked as time goes by")
		assert.LessOrEqual(t, s.Reserved, 31.0, "a lease, however many share it")
		d.mu.Lock()
		assert.GreaterOrEqual(t, float64(d.entry.Mark.USD)/1e12, s.USD, "a death now would count at least what is spent")
		d.mu.Unlock()
		all.Wait()
		assert.InDelta(t, 300, p.State().USD, 1)
		require.NoError(t, p.Close())
	})
}
