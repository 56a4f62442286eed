package money_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/money"
)

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
