package money_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/money"
)

func TestACleanEndKeepsTheExactSum(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budget.json.1.tmp"), []byte("{"), 0o600))
	for i := range 3 {
		p, err := money.NewPurse(money.Caps{USD: 5}, money.Spent{}, money.FileLedger(dir))
		require.NoError(t, err)
		assert.InDelta(t, float64(i), p.State().USD, 1e-12)
		_, err = p.Wrap(answers(500, 500), perToken()).Generate(t.Context(), ask(1000))
		require.NoError(t, err)
		require.NoError(t, p.Close())
		assert.Zero(t, p.State().Assumed)
	}
	text, err := os.ReadFile(filepath.Join(dir, "budget.json"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"version":1,"spent":{"usd":3,"tokens":3000},"mark":{"usd":3,"tokens":3000},"clean":true,"assumed":{"usd":0,"tokens":0}}`, string(text))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing half written stays behind")
}

func TestAfterADeathAllThatMayHaveBeenSpentCounts(t *testing.T) {
	dir := t.TempDir()
	p, err := money.NewPurse(money.Caps{USD: 100}, money.Spent{}, money.FileLedger(dir))
	require.NoError(t, err)
	_, err = p.Wrap(answers(500, 500), perToken()).Generate(t.Context(), ask(1000))
	require.NoError(t, err)
	// No Close: the process is gone.
	q, err := money.NewPurse(money.Caps{USD: 100}, money.Spent{}, money.FileLedger(dir))
	require.NoError(t, err)
	s := q.State()
	assert.GreaterOrEqual(t, s.USD, 2.0)
	assert.LessOrEqual(t, s.USD, 3.0, "the worst case of two dollars and a hundredth of the cap")
	assert.InDelta(t, s.USD, s.Assumed, 1e-9)
	require.NoError(t, q.Close())
	again, err := money.NewPurse(money.Caps{USD: 100}, money.Spent{}, money.FileLedger(dir))
	require.NoError(t, err)
	assert.InDelta(t, s.Assumed, again.State().Assumed, 1e-9, "it stays said")
}

func TestRecordedCostsCountWhereTheLedgerKnowsLess(t *testing.T) {
	p, err := money.NewPurse(money.Caps{USD: 5}, money.Spent{USD: 4.5, Tokens: 7}, money.FileLedger(t.TempDir()))
	require.NoError(t, err)
	assert.InDelta(t, 4.5, p.State().USD, 1e-12)
	_, err = p.Wrap(answers(1, 1), perToken()).Generate(t.Context(), ask(100))
	require.ErrorIs(t, err, eval.ErrSpent)
}

func TestALedgerThatCannotBeReadStopsTheRun(t *testing.T) {
	for _, text := range []string{"", "{", `{"version":2}`, `{"version":1,"spent":{"usd":-3}}`, `{"version":1,"spent":{"usd":1e9}}`, `{"version":1,"spent":{"usd":"x"}}`, `{"version":1,"spent":{"tokens":-1}}`} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "budget.json"), []byte(text), 0o600))
		_, err := money.NewPurse(money.Caps{USD: 5}, money.Spent{}, money.FileLedger(dir))
		require.ErrorContains(t, err, "what earlier runs spent cannot be read", text)
		assert.ErrorContains(t, err, "take it away")
	}
}

type full struct{}

func (full) Load() (money.Entry, error) { return money.Entry{}, nil }
func (full) Save(money.Entry) error     { return errors.New("no space left on device") }

func TestWithoutALedgerThatCanBeWrittenNothingIsSent(t *testing.T) {
	p, err := money.NewPurse(money.Caps{USD: 5}, money.Spent{}, full{})
	require.NoError(t, err)
	for range 2 {
		_, err = p.Wrap(answers(1, 1), perToken()).Generate(t.Context(), ask(100))
		require.ErrorIs(t, err, eval.ErrSpent)
		assert.ErrorContains(t, err, "no space left on device")
	}
	require.ErrorContains(t, p.Close(), "no space left on device")
}

func TestTheLedgerIsWrittenSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		p, err := money.NewPurse(money.Caps{USD: 10_000}, money.Spent{}, ledger{d, &life{}, 5 * time.Millisecond})
		require.NoError(t, err)
		r := p.Wrap(takes(time.Second), perToken())
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				for range 100 {
					_, err := r.Generate(t.Context(), ask(100))
					assert.NoError(t, err)
				}
			})
		}
		all.Wait()
		require.NoError(t, p.Close())
		assert.Less(t, d.writes, 40, "of 10,000 requests")
		assert.InDelta(t, 200, float64(d.entry.Spent.USD)/1e12, 1e-6)
	})
}

func TestTheMarkComesBackAfterManyReservations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		p, err := money.NewPurse(money.Caps{USD: 1000}, money.Spent{}, ledger{d, &life{}, time.Millisecond})
		require.NoError(t, err)
		r := p.Wrap(takes(time.Minute), perToken())
		var all sync.WaitGroup
		for range 400 { // 800 dollars are reserved, and 8 spent
			all.Go(func() { _, _ = r.Generate(t.Context(), ask(1000)) })
		}
		all.Wait()
		time.Sleep(time.Minute)
		_, err = r.Generate(t.Context(), ask(1000))
		require.NoError(t, err)
		time.Sleep(time.Second)
		all.Go(func() { _, _ = r.Generate(t.Context(), ask(1000)) })
		time.Sleep(time.Second)
		defer func() {
			all.Wait()
			assert.NoError(t, p.Close())
		}()
		state := p.State()
		assert.InDelta(t, 2, state.Reserved, 1e-9)
		d.mu.Lock()
		defer d.mu.Unlock()
		assert.GreaterOrEqual(t, float64(d.entry.Mark.USD)/1e12, state.USD+state.Reserved)
		assert.Less(t, float64(d.entry.Mark.USD)/1e12, 30.0, "a death now would cost a few steps, not 800 dollars")
	})
}

func FuzzLedger(f *testing.F) {
	f.Add([]byte(`{"version":1,"spent":{"usd":3.5,"tokens":3000},"mark":{"usd":3.75},"clean":false}`))
	f.Add([]byte(`{"version":1,"spent":{"usd":999999999999999999999,"tokens":9223372036854775807},"mark":{"usd":0.000000000001}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, money.LedgerFile), text, 0o600))
		p, err := money.NewPurse(money.Caps{USD: 5, Tokens: 1000}, money.Spent{}, money.FileLedger(dir))
		if err != nil {
			return
		}
		s := p.State()
		assert.GreaterOrEqual(t, s.USD, 0.0)
		assert.GreaterOrEqual(t, s.Tokens, int64(0))
		require.NoError(t, p.Close())
		again, err := money.NewPurse(money.Caps{USD: 5, Tokens: 1000}, money.Spent{}, money.FileLedger(dir))
		require.NoError(t, err)
		assert.Equal(t, s.USD, again.State().USD, "what was written is read back")
	})
}
