package money_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// again asks up to four times, as retry does.
func again(ctx context.Context, r eval.Runner, q eval.Request) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("panicked")
		}
	}()
	for range 4 {
		_, err = r.Generate(ctx, q)
		var f *eval.Failure
		if !errors.As(err, &f) || !f.Temporary {
			return err
		}
		time.Sleep(time.Second)
	}
	return err
}

// run is one life of a run: it ends when all is done, when the money is, or when
// it is killed. spent says that the purse had no more.
func (l *life) run(t *testing.T, dice *rand.Rand, caps money.Caps, d *disk, b *books, prices []terms) (spent bool) {
	purse, err := money.NewPurse(caps, money.Spent{}, ledger{d, l, time.Duration(dice.IntN(50)) * time.Millisecond})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var runners []eval.Runner
	greedy := dice.IntN(2) == 0
	for _, p := range prices {
		f := &fickle{books: b, terms: p, life: l, greedy: greedy, dice: rand.New(rand.NewPCG(dice.Uint64(), dice.Uint64()))}
		runners = append(runners, purse.Wrap(f, money.NewTariff(p.price())))
	}
	type task struct {
		runner eval.Runner
		q      eval.Request
		giveUp time.Duration
	}
	tasks := make(chan task)
	var all sync.WaitGroup
	var over sync.Once
	for range 1 + dice.IntN(200) {
		all.Go(func() {
			for k := range tasks {
				mine, stop := context.WithTimeout(ctx, k.giveUp)
				if err := again(mine, k.runner, k.q); errors.Is(err, eval.ErrSpent) {
					over.Do(func() { spent = true })
				}
				stop()
			}
		})
	}
	kill := dice.IntN(2) == 0
	if kill {
		time.AfterFunc(time.Duration(dice.Int64N(int64(2*time.Minute))), func() { l.end(); cancel() })
	}
	for range 50 + dice.IntN(400) {
		limit := 1 + dice.IntN(4000)
		k := task{runner: runners[dice.IntN(len(runners))], giveUp: time.Duration(1 + dice.Int64N(int64(5*time.Minute)))}
		k.q.Messages = []eval.Message{{Role: eval.User, Content: strings.Repeat("x", dice.IntN(3000))}}
		k.q.Sampling.MaxTokens = &limit
		tasks <- k
	}
	close(tasks)
	all.Wait()
	state := purse.State()
	assert.Zero(t, state.InFlight)
	assert.Zero(t, state.Waiting)
	assert.Zero(t, state.Reserved)
	assert.Zero(t, state.ReservedTokens)
	assert.Zero(t, state.Exceeded)
	require.NoError(t, purse.Close())
	return spent
}

// The cap holds in the provider's books whatever fails, is cancelled, is retried,
// is cut off by a kill and taken up again.
func TestNoRunSpendsMoreThanItsCap(t *testing.T) {
	spentUp, killed := 0, 0
	for range 100 {
		seed := rand.Uint64()
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 1))
			var b books
			var d disk
			prices := make([]terms, 1+dice.IntN(3))
			for i := range prices {
				prices[i] = terms{input: dice.Int64N(20_000), output: dice.Int64N(80_000)}
				prices[i].cached = dice.Int64N(prices[i].input + 1)
			}
			// From what one request can cost to what all together would not.
			limit := int64(600_000_000) + dice.Int64N(20_000_000_000)
			caps := money.Caps{USD: float64(limit) / 1e9}
			if dice.IntN(3) == 0 {
				caps.Tokens = 10_000 + dice.Int64N(1_000_000)
			}
			for range 1 + dice.IntN(5) {
				l := &life{}
				if l.run(t, dice, caps, &d, &b, prices) {
					spentUp++
				}
				if l.over {
					killed++
				}
				require.LessOrEqual(t, b.billed, limit, "seed %d: the provider bills more than the cap", seed)
				if caps.Tokens > 0 {
					require.LessOrEqual(t, b.tokens, caps.Tokens, "seed %d", seed)
				}
			}
		})
	}
	assert.Greater(t, spentUp, 20, "the caps were reached, or nothing was tried")
	assert.Greater(t, killed, 20)
}
