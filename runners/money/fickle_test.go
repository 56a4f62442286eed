package money_test

import (
	"context"
	"math/rand/v2"
	"net/http/httptrace"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/money"
)

// books are the provider's own: what it bills, in thousandths of a millionth of a
// dollar, which is what a price of a thousandth of a dollar for a million tokens
// makes of one token. They share no code with what is tested.
type books struct {
	mu             sync.Mutex
	billed, tokens int64
}

func (b *books) bill(t terms, prompt, cached, output int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.billed += t.input*(prompt-cached) + t.cached*cached + t.output*output
	b.tokens += prompt + output
}

// terms are prices in thousandths of a dollar for a million tokens.
type terms struct{ input, cached, output int64 }

func (t terms) price() *money.Price {
	usd := func(x int64) *float64 { y := float64(x) / 1000; return &y }
	return &money.Price{Model: "m", Input: usd(t.input), CachedInput: usd(t.cached), Output: usd(t.output)}
}

// a life is one process: when it is over, it sends and saves nothing any more.
type life struct {
	mu   sync.Mutex
	over bool
}

func (l *life) end() { l.mu.Lock(); l.over = true; l.mu.Unlock() }

func (l *life) do(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		f()
	}
	return !l.over
}

// disk outlives processes. Writing takes time.
type disk struct {
	mu     sync.Mutex
	entry  money.Entry
	writes int
}

type ledger struct {
	*disk
	life *life
	slow time.Duration
}

func (l ledger) Load() (money.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entry, nil
}

func (l ledger) Save(e money.Entry) error {
	time.Sleep(l.slow)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.life.do(func() { l.entry, l.writes = e, l.writes+1 })
	return nil
}

// fickle is a model that answers, fails and hangs in all ways.
type fickle struct {
	books *books
	terms terms
	life  *life
	// greedy takes all that it may, so that nothing is left to hide a mistake.
	greedy bool
	mu     sync.Mutex
	dice   *rand.Rand
}

func (f *fickle) Name() string { return "fickle" }

func (f *fickle) roll(n int64) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dice.Int64N(n)
}

func (f *fickle) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	size := int64(0)
	for _, m := range q.Messages {
		size += int64(len(m.Content))
	}
	prompt := 1 + f.roll(size+20)
	cached := f.roll(prompt + 1)
	output := f.roll(int64(*q.Sampling.MaxTokens) + 1)
	if f.roll(4) == 0 {
		output = int64(*q.Sampling.MaxTokens)
	}
	if f.greedy { // with a chat template of the size that is allowed for
		prompt, cached, output = 512+16+int64(len(eval.User))+size, 0, int64(*q.Sampling.MaxTokens)
	}
	// A process that is over sends nothing; what it sent before is billed.
	bill := func() bool { return f.life.do(func() { f.books.bill(f.terms, prompt, cached, output) }) }
	trace := httptrace.ContextClientTrace(ctx)
	trace.GetConn("")
	fate := f.roll(24)
	if fate == 0 {
		time.Sleep(time.Second)
		return eval.Response{}, &eval.Failure{Kind: eval.FailConnection, Message: "refused", Temporary: true}
	}
	if fate == 1 { // a dial that hangs
		<-ctx.Done()
		return eval.Response{}, ctx.Err()
	}
	trace.WroteHeaders()
	refusals := map[int64]int{2: 429, 3: 400, 4: 500, 5: 503, 6: 401, 7: 404}
	if status, ok := refusals[fate]; ok {
		kind := map[int]string{429: eval.FailRateLimit, 400: eval.FailRequest, 401: eval.FailAuth, 404: eval.FailRequest}[status]
		if kind == "" {
			kind = eval.FailServer
		}
		return eval.Response{}, &eval.Failure{Kind: kind, Status: status, Temporary: status == 429 || status >= 500}
	}
	if !bill() {
		return eval.Response{}, context.Canceled
	}
	select {
	case <-time.After(time.Duration(1 + f.roll(int64(20*time.Second)))):
	case <-ctx.Done():
		return eval.Response{}, ctx.Err()
	}
	return f.end(fate, prompt, cached, output)
}

// end is how a request ends that was billed.
func (f *fickle) end(fate, prompt, cached, output int64) (eval.Response, error) {
	p, c, o := int(prompt), int(cached), int(output)
	usage := eval.Usage{Prompt: &p, Cached: &c, Output: &o}
	switch fate {
	case 8:
		return eval.Response{}, &eval.Failure{Kind: eval.FailConnection, Message: "reset", Temporary: true, Begun: true}
	case 9:
		return eval.Response{}, &eval.Failure{Kind: eval.FailConnection, Message: "reset before the first byte", Temporary: true}
	case 10:
		return eval.Response{}, &eval.Failure{Kind: eval.FailTimeout, Message: "no token", Temporary: true}
	case 11:
		return eval.Response{}, &eval.Failure{Kind: eval.FailServer, Status: 504, Temporary: true}
	case 12:
		return eval.Response{}, &eval.Failure{Kind: eval.FailProtocol, Status: 200, Message: "an HTML page"}
	case 13:
		return eval.Response{}, &eval.Failure{Kind: eval.FailServer, Status: 500, Begun: true, Temporary: true}
	case 14:
		return eval.Response{Usage: usage}, &eval.Failure{Kind: eval.FailProtocol, Begun: true, Message: "cut after the usage"}
	case 15:
		return eval.Response{Stop: eval.StopEnd}, nil // without usage
	case 16:
		less := int(output / 2)
		usage.Output, usage.Estimated = &less, true
		return eval.Response{Stop: eval.StopEnd, Usage: usage}, nil
	case 17:
		panic("a defect")
	}
	return eval.Response{Stop: eval.StopEnd, Usage: usage}, nil
}
