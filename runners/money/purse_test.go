package money_test

import (
	"context"
	"errors"
	"strings"
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

func number(x float64) *float64 { return &x }
func count(n int) *int          { return &n }

// perToken has a thousandth of a dollar for every token of either kind.
func perToken() *money.Tariff {
	return money.NewTariff(&money.Price{Model: "m", Input: number(1000), Output: number(1000)})
}

// ask is a request with a worst case of 528 + len(text) + len("user") = 1000
// tokens of prompt with 468 bytes of text, and limit tokens of output.
func ask(limit int) eval.Request {
	q := eval.Request{Messages: []eval.Message{{Role: eval.User, Content: strings.Repeat("x", 468)}}}
	if limit > 0 {
		q.Sampling.MaxTokens = &limit
	}
	return q
}

func answers(prompt, output int) evaltest.Runner {
	return evaltest.Runner{Label: "m", F: func(ctx context.Context, _ eval.Request) (eval.Response, error) {
		if err := ctx.Err(); err != nil {
			return eval.Response{}, err
		}
		return eval.Response{Raw: "42", Stop: eval.StopEnd, Usage: eval.Usage{Prompt: &prompt, Output: &output}}, nil
	}}
}

func open(t *testing.T, caps money.Caps) *money.Purse {
	t.Helper()
	p, err := money.NewPurse(caps, money.Spent{}, nil)
	require.NoError(t, err)
	return p
}

func TestWrapKeepsTheRunnerContract(t *testing.T) {
	evaltest.RunnerContract(t, func(t *testing.T) eval.Runner {
		return open(t, money.Caps{USD: 1000}).Wrap(answers(10, 10), perToken())
	}, ask(100))
}

func TestWorstOf(t *testing.T) {
	w := money.WorstOf(ask(7))
	assert.Equal(t, money.Worst{Prompt: 1000, Output: 7, Bounded: true}, w)
	assert.False(t, money.WorstOf(ask(0)).Bounded)

	q := ask(7)
	q.Prefill = "<think>"
	assert.EqualValues(t, 1007, money.WorstOf(q).Prompt)

	q = ask(7)
	q.Extra = map[string]any{"max_completion_tokens": 50, "n": 3}
	w = money.WorstOf(q)
	assert.EqualValues(t, 150, w.Output, "what is passed through may ask for more")
	assert.EqualValues(t, 1000+len(`{"max_completion_tokens":50,"n":3}`), w.Prompt)
}

func TestThePurseIsUsedUpToWhatTheNextRequestMayCost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{USD: 10})
		slow := evaltest.Runner{Label: "m", F: func(ctx context.Context, q eval.Request) (eval.Response, error) {
			time.Sleep(time.Second)
			return answers(100, 100).Generate(ctx, q)
		}}
		r := p.Wrap(slow, perToken())
		var all sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for range 200 { // worst case 1.10 each, really 0.20
			all.Go(func() {
				out, err := r.Generate(t.Context(), ask(100))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					assert.ErrorIs(t, err, eval.ErrSpent)
					return
				}
				assert.InDelta(t, 0.20, *out.Cost, 1e-12)
				assert.Zero(t, out.Timing.Queue%time.Second, "waiting for money is waiting for a slot")
				done++
			})
		}
		synctest.Wait()
		s := p.State()
		assert.Equal(t, 9, s.InFlight, "nine worst cases fit into ten dollars")
		assert.Equal(t, 191, s.Waiting)
		assert.InDelta(t, 9.9, s.Reserved, 1e-9)
		all.Wait()
		assert.Equal(t, 45, done, "all was spent but less than one worst case")
		assert.InDelta(t, 9.0, p.State().USD, 1e-9)
	})
}

func TestASmallerRequestMayStillFit(t *testing.T) {
	p := open(t, money.Caps{USD: 3})
	r := p.Wrap(answers(900, 100), perToken())
	_, err := r.Generate(t.Context(), ask(1000))
	require.NoError(t, err)
	_, err = r.Generate(t.Context(), ask(1500))
	require.ErrorIs(t, err, eval.ErrSpent)
	assert.ErrorContains(t, err, "of the budget of $3.00 $1.00 are spent, and the next request may cost up to $2.50")
	_, err = r.Generate(t.Context(), ask(900))
	require.NoError(t, err)
}

func TestTokensAreCapped(t *testing.T) {
	p := open(t, money.Caps{Tokens: 4000})
	r := p.Wrap(answers(500, 500), money.NewTariff(nil)) // no price is needed
	for range 3 {
		out, err := r.Generate(t.Context(), ask(500))
		require.NoError(t, err)
		assert.Nil(t, out.Cost, "an unknown price is no price of 0")
	}
	_, err := r.Generate(t.Context(), ask(500))
	require.ErrorIs(t, err, eval.ErrSpent)
	assert.ErrorContains(t, err, "of 4000 tokens 3000 are used, and the next request may take up to 1500")
	assert.Equal(t, 3, p.State().Unpriced)
}

func TestWhatCannotBeBoundedIsRefusedBeforehand(t *testing.T) {
	none := money.NewTariff(nil)
	for name, c := range map[string]struct {
		caps   money.Caps
		tariff *money.Tariff
		limit  int
		want   string
	}{
		"no limit on the output":     {money.Caps{USD: 5}, perToken(), 0, "give --max-tokens, or a preset"},
		"no limit under a token cap": {money.Caps{Tokens: 5e6}, none, 0, "give --max-tokens, or a preset"},
		"no price":                   {money.Caps{USD: 5}, none, 10, "add a row for it to a file and give that with --prices"},
		"one request too dear":       {money.Caps{USD: 1}, perToken(), 10, "may cost up to $1.01, more than the budget of $1.00"},
		"one request too long":       {money.Caps{Tokens: 1000}, perToken(), 10, "may take up to 1010 tokens, more than all 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, c.caps).Wrap(answers(1, 1), c.tariff)
			require.ErrorContains(t, eval.Vet(r, ask(c.limit)), c.want)
			out, err := r.Generate(t.Context(), ask(c.limit))
			var f *eval.Failure
			require.ErrorAs(t, err, &f, "whoever does not ask first is told all the same")
			assert.Equal(t, eval.FailRequest, f.Kind)
			assert.False(t, f.Temporary)
			assert.Zero(t, *out.Cost)
		})
	}
	free := money.NewTariff(&money.Price{Model: "m", Input: number(0), Output: number(0)})
	require.NoError(t, eval.Vet(open(t, money.Caps{USD: 5}).Wrap(answers(1, 1), free), ask(0)))
	require.NoError(t, eval.Vet(open(t, money.Caps{}).Wrap(answers(1, 1), none), ask(0)), "without caps all is allowed")
}

type picky struct{ evaltest.Runner }

func (picky) Vet(eval.Request) error { return errors.New("no seeds here") }

func TestVetAsksTheProviderToo(t *testing.T) {
	r := open(t, money.Caps{}).Wrap(picky{answers(1, 1)}, perToken())
	require.ErrorContains(t, eval.Vet(r, ask(1)), "no seeds here")
}

func TestWaitingForMoneyCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{USD: 3})
		block := make(chan struct{})
		r := p.Wrap(evaltest.Runner{Label: "m", F: func(ctx context.Context, q eval.Request) (eval.Response, error) {
			<-block
			return answers(10, 10).Generate(ctx, q)
		}}, perToken())
		go func() { _, _ = r.Generate(t.Context(), ask(1000)) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := r.Generate(ctx, ask(1000))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Zero(t, p.State().Waiting)
		close(block)
		synctest.Wait()
		assert.InDelta(t, 0.02, p.State().USD, 1e-9, "who never got money never cost any")
	})
}

func TestABatchIsReservedTogetherOrNotAtAll(t *testing.T) {
	p := open(t, money.Caps{USD: 10})
	tariff, worst := perToken(), money.WorstOf(ask(1000)) // two dollars
	assert.Equal(t, 5, p.AtOnce(tariff, worst))
	batch := func(n int) []money.Worst {
		all := make([]money.Worst, n)
		for i := range all {
			all[i] = worst
		}
		return all
	}
	_, err := p.ReserveAll(t.Context(), tariff, batch(6))
	require.ErrorIs(t, err, eval.ErrSpent)
	assert.Zero(t, p.State().Reserved)
	holds, err := p.ReserveAll(t.Context(), tariff, batch(4))
	require.NoError(t, err)
	assert.InDelta(t, 8, p.State().Reserved, 1e-9)
	assert.Equal(t, 4, p.State().InFlight)
	assert.Equal(t, 1, p.AtOnce(tariff, worst))
	assert.InDelta(t, 0.3, *holds[0].Pay(eval.Usage{Prompt: count(100), Output: count(200)}), 1e-9)
	assert.Nil(t, holds[1].Lose())
	assert.Zero(t, *holds[2].Free())
	assert.Zero(t, *holds[2].Free(), "once is enough")
	assert.Nil(t, holds[3].Pay(eval.Usage{}))
	s := p.State()
	assert.InDelta(t, 0.3+2+2, s.USD, 1e-9)
	assert.Zero(t, s.Reserved)
	assert.Zero(t, s.InFlight)
	_, err = p.ReserveAll(t.Context(), hourly(1), batch(1))
	require.ErrorContains(t, err, "paid by tokens")
}
