package money_test

import (
	"context"
	"errors"
	"math/rand/v2"
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

// world is what outlives the processes of a run.
type world struct {
	dice   *rand.Rand
	caps   money.Caps
	disk   disk
	books  books
	prices []terms
}

// run is one life of a run: it ends when all is done, when the money is, or when
// it is killed. spent says that the purse had no more.
func (w *world) run(t *testing.T, l *life) (spent bool) {
	dice := w.dice
	purse, err := money.NewPurse(w.caps, money.Spent{}, ledger{&w.disk, l, time.Duration(dice.IntN(50)) * time.Millisecond})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var runners []eval.Runner
	greedy := dice.IntN(2) == 0
	for _, p := range w.prices {
		f := &fickle{books: &w.books, terms: p, life: l, greedy: greedy, dice: rand.New(rand.NewPCG(dice.Uint64(), dice.Uint64()))}
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
		death := time.AfterFunc(time.Duration(dice.Int64N(int64(2*time.Minute))), func() { l.end(); cancel() })
		defer death.Stop()
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
			w := world{dice: rand.New(rand.NewPCG(seed, 1))}
			for range 1 + w.dice.IntN(3) {
				p := terms{input: w.dice.Int64N(20_000), output: w.dice.Int64N(80_000)}
				p.cached = w.dice.Int64N(p.input + 1)
				w.prices = append(w.prices, p)
			}
			// From what one request can cost to what all together would not.
			limit := int64(600_000_000) + w.dice.Int64N(20_000_000_000)
			w.caps.USD = float64(limit) / 1e9
			if w.dice.IntN(3) == 0 {
				w.caps.Tokens = 10_000 + w.dice.Int64N(1_000_000)
			}
			for range 1 + w.dice.IntN(5) {
				l := &life{}
				if w.run(t, l) {
					spentUp++
				}
				if !l.do(func() {}) {
					killed++
				}
				require.LessOrEqual(t, w.books.billed, limit, "seed %d: the provider bills more than the cap", seed)
				if w.caps.Tokens > 0 {
					require.LessOrEqual(t, w.books.tokens, w.caps.Tokens, "seed %d", seed)
				}
			}
		})
	}
	assert.Greater(t, spentUp, 20, "the caps were reached, or nothing was tried")
	assert.Greater(t, killed, 20)
}
