package money_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
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

func TestWhatIsChargedOnFailures(t *testing.T) {
	for name, c := range map[string]struct {
		sent    bool // by HTTP, as far as the first bytes
		dialled bool
		out     eval.Response
		err     error
		charged float64
		cost    *float64
	}{
		"429":                          {err: &eval.Failure{Kind: eval.FailRateLimit, Status: 429}, cost: number(0), sent: true, dialled: true},
		"401":                          {err: &eval.Failure{Kind: eval.FailAuth, Status: 401}, cost: number(0), sent: true, dialled: true},
		"500 before an answer":         {err: &eval.Failure{Kind: eval.FailServer, Status: 500}, cost: number(0), sent: true, dialled: true},
		"500 in the middle":            {err: &eval.Failure{Kind: eval.FailServer, Status: 500, Begun: true}, charged: 2, sent: true, dialled: true},
		"504":                          {err: &eval.Failure{Kind: eval.FailServer, Status: 504}, charged: 2, sent: true, dialled: true},
		"an error in a 200":            {err: &eval.Failure{Kind: eval.FailServer}, charged: 2, sent: true, dialled: true},
		"nothing listens":              {err: &eval.Failure{Kind: eval.FailConnection}, cost: number(0), dialled: true},
		"reset after sending":          {err: &eval.Failure{Kind: eval.FailConnection}, charged: 2, sent: true, dialled: true},
		"a command that did not start": {err: &eval.Failure{Kind: eval.FailConnection}, cost: number(0)},
		"time-out of the dial":         {err: &eval.Failure{Kind: eval.FailTimeout}, cost: number(0), dialled: true},
		"time-out of the answer":       {err: &eval.Failure{Kind: eval.FailTimeout}, charged: 2, sent: true, dialled: true},
		"a stream that was cut":        {err: &eval.Failure{Kind: eval.FailProtocol, Begun: true}, charged: 2, sent: true, dialled: true},
		"an answer nobody understands": {err: &eval.Failure{Kind: eval.FailProtocol, Status: 200}, charged: 2, sent: true, dialled: true},
		"a defect":                     {err: errors.New("oops"), charged: 2},
		"a failure that tells its usage": {
			err: &eval.Failure{Kind: eval.FailProtocol, Begun: true}, out: eval.Response{Usage: eval.Usage{Prompt: count(100), Output: count(50)}},
			charged: 0.15, cost: number(0.15), sent: true, dialled: true,
		},
		"an answer without usage":   {out: eval.Response{Stop: eval.StopEnd}, charged: 2, sent: true, dialled: true},
		"an answer with half of it": {out: eval.Response{Usage: eval.Usage{Output: count(5)}}, charged: 2},
		"an estimate": {
			out: eval.Response{Usage: eval.Usage{Prompt: count(100), Output: count(50), Estimated: true}}, charged: 2, cost: number(0.15),
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, money.Caps{USD: 100})
			r := p.Wrap(evaltest.Runner{Label: "m", F: func(ctx context.Context, _ eval.Request) (eval.Response, error) {
				trace := httptrace.ContextClientTrace(ctx)
				if c.dialled {
					trace.GetConn("")
				}
				if c.sent {
					trace.WroteHeaders()
				}
				return c.out, c.err
			}}, perToken())
			out, err := r.Generate(t.Context(), ask(1000))
			assert.Equal(t, c.err, err)
			assert.InDelta(t, c.charged, p.State().USD, 1e-9)
			assert.Equal(t, c.cost, out.Cost)
			assert.Zero(t, p.State().InFlight)
		})
	}
}

func TestARealRefusalAndARealAnswerTellHowFarTheRequestGot(t *testing.T) {
	post := func(url string) evaltest.Runner {
		return evaltest.Runner{Label: "m", F: func(ctx context.Context, _ eval.Request) (eval.Response, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("{}"))
			require.NoError(t, err)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return eval.Response{}, &eval.Failure{Kind: eval.FailConnection, Message: err.Error()}
			}
			return eval.Response{}, errors.Join(resp.Body.Close(), errors.New("answered"))
		}}
	}
	hangsUp := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer hangsUp.Close()
	gone := httptest.NewServer(nil)
	gone.Close()

	p := open(t, money.Caps{USD: 100})
	_, err := p.Wrap(post(gone.URL), perToken()).Generate(t.Context(), ask(1000))
	require.Error(t, err)
	assert.Zero(t, p.State().USD, "a connection that was never made costs nothing")
	_, err = p.Wrap(post(hangsUp.URL), perToken()).Generate(t.Context(), ask(1000))
	require.Error(t, err)
	assert.InDelta(t, 2, p.State().USD, 1e-9, "who hangs up may have read the request")
}

func TestWhatIsCancelledInFlightIsCharged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, money.Caps{USD: 100})
		r := p.Wrap(evaltest.Runner{Label: "m", F: func(ctx context.Context, _ eval.Request) (eval.Response, error) {
			<-ctx.Done()
			return eval.Response{}, ctx.Err()
		}}, perToken())
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		out, err := r.Generate(ctx, ask(1000))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Nil(t, out.Cost)
		assert.InDelta(t, 2, p.State().USD, 1e-9)
	})
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

func TestUsageAboveTheWorstCaseIsCountedAndSaid(t *testing.T) {
	p := open(t, money.Caps{USD: 2})
	r := p.Wrap(answers(1000, 5000), perToken())
	out, err := r.Generate(t.Context(), ask(100))
	require.NoError(t, err)
	assert.InDelta(t, 6, *out.Cost, 1e-9)
	s := p.State()
	assert.InDelta(t, 6, s.USD, 1e-9)
	assert.Equal(t, 1, s.Exceeded)
	assert.InDelta(t, 4.9, s.Excess, 1e-9)
	_, err = r.Generate(t.Context(), ask(100))
	require.ErrorIs(t, err, eval.ErrSpent)
}

func TestAPanicBelowSettlesTheHold(t *testing.T) {
	p := open(t, money.Caps{USD: 5})
	r := p.Wrap(evaltest.Runner{Label: "m", F: func(context.Context, eval.Request) (eval.Response, error) { panic("oops") }}, perToken())
	assert.Panics(t, func() { _, _ = r.Generate(t.Context(), ask(1000)) })
	s := p.State()
	assert.Zero(t, s.InFlight)
	assert.InDelta(t, 2, s.USD, 1e-9)
}

func TestStateForetells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := money.NewPurse(money.Caps{USD: 10}, money.Spent{USD: 4}, nil)
		require.NoError(t, err)
		assert.Zero(t, p.State().UsedUp, "there is no pace yet")
		r := p.Wrap(answers(500, 500), perToken())
		time.Sleep(time.Minute)
		_, err = r.Generate(t.Context(), ask(1000))
		require.NoError(t, err)
		s := p.State()
		assert.Equal(t, 5*time.Minute, time.Until(s.UsedUp), "a dollar a minute, and five are left")
		usd, ok := s.AtEnd(10, 30)
		assert.True(t, ok)
		assert.InDelta(t, 4+3, usd, 1e-9)
		_, ok = s.AtEnd(0, 30)
		assert.False(t, ok)
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

func TestStateInWords(t *testing.T) {
	s := money.State{USD: 1.5, Tokens: 700}
	assert.Equal(t, "spent $1.50", s.String())
	assert.Empty(t, s.Doubts())
	s.Caps = money.Caps{USD: 5, Tokens: 1000, Deadline: time.Now()}
	s.Reserved, s.Waiting, s.Left = 0.25, 3, 90*time.Second
	assert.Equal(t, "spent $1.50 of $5.00, 700 of 1000 tokens, up to $0.250 in flight, 3 wait for money, 1m30s to the deadline", s.String())
	s.Assumed, s.Exceeded, s.Excess, s.Unpriced = 0.1, 2, 0.01, 4
	doubts := strings.Join(s.Doubts(), "\n")
	assert.Contains(t, doubts, "$0.100 and 0 tokens of what is spent are assumed")
	assert.Contains(t, doubts, "2 requests took $0.010 and 0 tokens more than their worst case")
	assert.Contains(t, doubts, "the cost of 4 requests is unknown")
}
