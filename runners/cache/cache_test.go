package cache

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
)

func number64(x float64) *float64 { return &x }
func count(n int) *int            { return &n }

var who = Identity{Kind: "openai", Model: "m", BaseURL: "https://api.example/v1"}

func request(trial int) eval.Request {
	return eval.Request{
		Key:      eval.Key{Benchmark: "b", Problem: "p", Model: "label", Trial: trial},
		Messages: []eval.Message{{Role: eval.User, Content: "What is 6 times 7?"}},
		Sampling: eval.Sampling{Temperature: number64(0.6), MaxTokens: count(100), Seed: count(trial)},
	}
}

// oracle counts how often it was asked and says so.
type oracle struct {
	mu    sync.Mutex
	asked int
	with  func(*eval.Response) error
}

func (o *oracle) Name() string { return "oracle" }

func (o *oracle) Generate(ctx context.Context, _ eval.Request) (eval.Response, error) {
	if err := ctx.Err(); err != nil {
		return eval.Response{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	out := eval.Response{
		Raw: fmt.Sprintf("answer %d: ½ <b>&</b>\u2028", o.asked), Reasoning: "hm", Stop: eval.StopEnd, Model: "m-1", Fingerprint: "fp",
		Usage:  eval.Usage{Prompt: count(10), Output: count(20), Reasoning: count(15), Cached: count(5)},
		Timing: eval.Timing{Queue: 1, FirstToken: 2, FirstAnswer: 3, Total: time.Second, Gaps: eval.Gaps{N: 4, P50: 5, P99: 6, Max: 7}},
		Cost:   number64(0.25), Tries: 2,
	}
	if o.with != nil {
		return out, o.with(&out)
	}
	return out, nil
}

func opened(t *testing.T, dir string) (*Cache, *[]string) {
	t.Helper()
	var mu sync.Mutex
	told := &[]string{}
	c, err := Open(dir, func(s string) { mu.Lock(); *told = append(*told, s); mu.Unlock() })
	require.NoError(t, err)
	return c, told
}

func ask(t *testing.T, r eval.Runner, q eval.Request) eval.Response {
	t.Helper()
	out, err := r.Generate(t.Context(), q)
	require.NoError(t, err)
	return out
}

func TestALaterRunIsAnsweredFromTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	c, told := opened(t, dir)
	o := &oracle{}
	first := ask(t, c.Wrap(o, who), request(0))
	assert.False(t, first.Cached)
	assert.InDelta(t, 0.25, *first.Cost, 1e-12)
	assert.Equal(t, Stats{Misses: 1, Stored: 1}, c.Stats())

	later, _ := opened(t, dir)
	again := ask(t, later.Wrap(o, who), request(0))
	assert.Equal(t, 1, o.asked)
	want := first
	want.Cached, want.Cost, want.Tries = true, number64(0), 0
	assert.Equal(t, want, again, "the words, usage and timing are as recorded; nothing is paid")
	assert.Equal(t, Stats{Hits: 1, SavedUSD: 0.25}, later.Stats())
	assert.Empty(t, *told)
}

// files are those of the answers.
func files(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, layout, "*", "*"))
	require.NoError(t, err)
	return found
}

func content(t *testing.T, dir string) string {
	t.Helper()
	found := files(t, dir)
	require.Len(t, found, 1)
	packed, err := os.ReadFile(found[0])
	require.NoError(t, err)
	text, err := decoder.DecodeAll(packed, nil)
	require.NoError(t, err)
	return string(text)
}

func TestParametersThatJSONCannotHoldAreNotCached(t *testing.T) {
	c, _ := opened(t, t.TempDir())
	o := &oracle{}
	q := request(0)
	q.Extra = map[string]any{"x": math.NaN()}
	r := c.Wrap(o, who)
	ask(t, r, q)
	ask(t, r, q)
	assert.Equal(t, 2, o.asked)
}

// bomb is a small file that unpacks to more than may be taken.
func TestManyShareAFolder(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 { // as processes do, each opens it itself
		c, told := opened(t, dir)
		r := c.Wrap(&oracle{}, who)
		for range 4 {
			all.Go(func() {
				for i := range 50 {
					out, err := r.Generate(t.Context(), request(i))
					assert.NoError(t, err)
					assert.True(t, strings.HasPrefix(out.Raw, "answer "))
				}
			})
		}
		t.Cleanup(func() { assert.Empty(t, *told) })
	}
	all.Wait()
	assert.Len(t, files(t, dir), 50)
	left, err := os.ReadDir(filepath.Join(dir, scratch))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestWrapKeepsTheRunnerContract(t *testing.T) {
	for _, warm := range []bool{false, true} {
		evaltest.RunnerContract(t, func(t *testing.T) eval.Runner {
			c, _ := opened(t, t.TempDir())
			r := c.Wrap(&oracle{}, who)
			if warm {
				ask(t, r, request(0))
			}
			return r
		}, request(0))
	}
}

func TestFindReachesWhatIsBelow(t *testing.T) {
	c, _ := opened(t, t.TempDir())
	o := &oracle{}
	found, ok := eval.Find[*oracle](c.Wrap(o, who))
	assert.True(t, ok)
	assert.Same(t, o, found)
}

func benchmarked(b *testing.B) eval.Runner {
	c, err := Open(b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	thought := strings.Repeat("Let me think about that once more, step by step. ", 400) // 20 kB
	return c.Wrap(&oracle{with: func(r *eval.Response) error { r.Reasoning = thought; return nil }}, who)
}

func BenchmarkHit(b *testing.B) {
	r := benchmarked(b)
	q := request(0)
	_, _ = r.Generate(b.Context(), q)
	b.ReportAllocs()
	for b.Loop() {
		if out, err := r.Generate(b.Context(), q); err != nil || !out.Cached {
			b.Fatal(err)
		}
	}
}

func BenchmarkMissAndStore(b *testing.B) {
	r := benchmarked(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if out, err := r.Generate(b.Context(), request(i)); err != nil || out.Cached {
			b.Fatal(err)
		}
	}
}

// Whoever changes what a key is made of must raise keyVersion, or old answers are
// given to new questions.
