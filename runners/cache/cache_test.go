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

	"github.com/klauspost/compress/zstd"
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

func TestWhatMakesARequestAnother(t *testing.T) {
	base := request(0)
	seen := map[key]string{}
	add := func(name string, id Identity, change func(*eval.Request)) {
		q := request(0)
		change(&q)
		k, err := keyOf(id.clean(), q)
		require.NoError(t, err)
		twin := seen[k]
		assert.Empty(t, twin, "%s is taken for %s", name, twin)
		seen[k] = name
	}
	same := func(*eval.Request) {}
	add("the request", who, same)
	add("another kind", Identity{"vllm", who.Model, who.BaseURL, ""}, same)
	add("another model", Identity{who.Kind, "n", who.BaseURL, ""}, same)
	add("another address", Identity{who.Kind, who.Model, "https://other/v1", ""}, same)
	add("another engine", Identity{who.Kind, who.Model, who.BaseURL, "sha256:1"}, same)
	add("another trial", who, func(q *eval.Request) { q.Key.Trial = 1 })
	add("another problem in the same words", who, func(q *eval.Request) { q.Key.Problem = "p2" })
	add("another benchmark", who, func(q *eval.Request) { q.Key.Benchmark = "b2" })
	add("other words", who, func(q *eval.Request) { q.Messages[0].Content += " " })
	add("a broken byte", who, func(q *eval.Request) { q.Messages[0].Content += "\xff" })
	add("another broken byte", who, func(q *eval.Request) { q.Messages[0].Content += "\xfe" })
	add("another role", who, func(q *eval.Request) { q.Messages[0].Role = eval.System })
	add("a further message", who, func(q *eval.Request) { q.Messages = append(q.Messages, eval.Message{}) })
	add("a temperature", who, func(q *eval.Request) { q.Sampling.Temperature = number64(0.7) })
	add("no temperature", who, func(q *eval.Request) { q.Sampling.Temperature = nil })
	add("a seed", who, func(q *eval.Request) { q.Sampling.Seed = count(9) })
	add("a limit", who, func(q *eval.Request) { q.Sampling.MaxTokens = count(101) })
	add("stops", who, func(q *eval.Request) { q.Sampling.Stop = []string{"a", "b"} })
	add("a stop", who, func(q *eval.Request) { q.Sampling.Stop = []string{"ab"} })
	add("a prefill", who, func(q *eval.Request) { q.Prefill = "<think>\n" })
	add("an effort", who, func(q *eval.Request) { q.Effort = "high" })
	add("a budget of thought", who, func(q *eval.Request) { q.ThinkingBudget = count(0) })
	add("another budget", who, func(q *eval.Request) { q.ThinkingBudget = count(1) })
	add("a parameter", who, func(q *eval.Request) { q.Extra = map[string]any{"top_k": 20} })
	add("another parameter", who, func(q *eval.Request) { q.Extra = map[string]any{"top_k": 20, "min_p": 0} })

	k, err := keyOf(who, base)
	require.NoError(t, err)
	for name, change := range map[string]func(*eval.Request){
		"the label of the run":   func(q *eval.Request) { q.Key.Model = "other label" },
		"no parameters":          func(q *eval.Request) { q.Extra = map[string]any{} },
		"pointers to the equals": func(q *eval.Request) { q.Sampling.Temperature = number64(0.6) },
	} {
		q := request(0)
		change(&q)
		twin, err := keyOf(who, q)
		require.NoError(t, err)
		assert.Equal(t, k, twin, name)
	}
	a, b := request(0), request(0)
	a.Extra = map[string]any{"a": 1, "b": map[string]any{"x": 1.0, "y": 2}}
	b.Extra = map[string]any{"b": map[string]any{"y": 2, "x": 1}, "a": 1.0}
	ka, err := keyOf(who, a)
	require.NoError(t, err)
	kb, err := keyOf(who, b)
	require.NoError(t, err)
	assert.Equal(t, ka, kb, "the order of parameters does not matter")
}

func TestNoSecretIsWritten(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir)
	id := who
	id.BaseURL = "https://user:hunter2@api.example/v1?key=hunter2#hunter2"
	q := request(0)
	q.Extra = map[string]any{"api_key": "hunter2"}
	o := &oracle{}
	ask(t, c.Wrap(o, id), q)
	require.Equal(t, 1, c.Stats().Stored)
	text := content(t, dir)
	assert.Contains(t, text, "https://api.example/v1")
	assert.NotContains(t, text, "hunter2")
	id.BaseURL = "https://api.example/v1?key=another"
	assert.True(t, ask(t, c.Wrap(o, id), q).Cached, "another key is no other model")
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

func TestOnlyFinishedAnswersAreKept(t *testing.T) {
	for name, c := range map[string]struct {
		with  func(*eval.Response) error
		keeps bool
	}{
		"finished":            {func(r *eval.Response) error { return nil }, true},
		"cut by its limit":    {func(r *eval.Response) error { r.Stop = eval.StopLength; return nil }, true},
		"refused":             {func(r *eval.Response) error { r.Stop = eval.StopRefusal; return nil }, true},
		"ended unknown":       {func(r *eval.Response) error { r.Stop = eval.StopUnknown; return nil }, false},
		"ended oddly":         {func(r *eval.Response) error { r.Stop = "tool_calls"; return nil }, false},
		"failed":              {func(r *eval.Response) error { return &eval.Failure{Kind: eval.FailServer} }, false},
		"nothing to be spent": {func(r *eval.Response) error { return eval.ErrSpent }, false},
		"no text":             {func(r *eval.Response) error { r.Raw = "a\xffb"; return nil }, false},
		"cached below":        {func(r *eval.Response) error { r.Cached = true; return nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			folder, _ := opened(t, t.TempDir())
			o := &oracle{with: c.with}
			r := folder.Wrap(o, who)
			for range 2 {
				_, _ = r.Generate(t.Context(), request(0))
			}
			assert.Equal(t, c.keeps, o.asked == 1)
		})
	}
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

func TestBrokenFilesAreToldAndAskedAgain(t *testing.T) {
	good := func(t *testing.T, dir string) []byte {
		c, _ := opened(t, dir)
		ask(t, c.Wrap(&oracle{}, who), request(0))
		packed, err := os.ReadFile(files(t, dir)[0])
		require.NoError(t, err)
		return packed
	}
	pack := func(text string) []byte { return encoder.EncodeAll([]byte(text), nil) }
	for name, harm := range map[string]func([]byte) []byte{
		"empty":         func([]byte) []byte { return nil },
		"cut":           func(b []byte) []byte { return b[:len(b)-3] },
		"cut short":     func(b []byte) []byte { return b[:5] },
		"a flipped bit": func(b []byte) []byte { b[len(b)/2] ^= 4; return b },
		"no frame":      func([]byte) []byte { return []byte("not zstd at all") },
		"no JSON":       func([]byte) []byte { return pack("{") },
		"null":          func([]byte) []byte { return pack("null") },
		"another's":     func([]byte) []byte { return pack(`{"key":"00","answer":{"stop":"stop"}}`) },
		"a bomb":        func([]byte) []byte { return bomb(t) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			packed := good(t, dir)
			path := files(t, dir)[0]
			require.NoError(t, os.WriteFile(path, harm(packed), 0o600))
			c, told := opened(t, dir)
			o := &oracle{}
			r := c.Wrap(o, who)
			assert.False(t, ask(t, r, request(0)).Cached)
			assert.Equal(t, Stats{Misses: 1, Stored: 1, Broken: 1}, c.Stats())
			require.Len(t, *told, 1)
			assert.Contains(t, (*told)[0], path)
			assert.True(t, ask(t, r, request(0)).Cached, "the new answer stands in its place")
		})
	}
}

// bomb is a small file that unpacks to more than may be taken.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b strings.Builder
	w, err := zstd.NewWriter(&b)
	require.NoError(t, err)
	zeros := make([]byte, 1<<20)
	for range maxAnswer>>20 + 1 {
		_, err = w.Write(zeros)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return []byte(b.String())
}

func TestAFolderThatCannotBeWrittenIsToldOnlySoOften(t *testing.T) {
	dir := t.TempDir()
	c, told := opened(t, dir)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, scratch)))
	r := c.Wrap(&oracle{}, who)
	for i := range 20 {
		ask(t, r, request(i))
	}
	assert.Len(t, *told, mostWarnings+1)
	assert.Zero(t, c.Stats().Stored)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	_, err := Open(filepath.Join(dir, "file"), nil)
	require.ErrorContains(t, err, "--cache")
}

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

func TestHalfWrittenFilesOfTheDeadAreSwept(t *testing.T) {
	dir := t.TempDir()
	opened(t, dir)
	old, fresh := filepath.Join(dir, scratch, "1.tmp"), filepath.Join(dir, scratch, "2.tmp")
	require.NoError(t, os.WriteFile(old, nil, 0o600))
	require.NoError(t, os.WriteFile(fresh, nil, 0o600))
	require.NoError(t, os.Chtimes(old, time.Time{}, time.Now().Add(-25*time.Hour)))
	opened(t, dir)
	assert.NoFileExists(t, old)
	assert.FileExists(t, fresh, "somebody may be writing it")
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

func FuzzDecode(f *testing.F) {
	k, err := keyOf(who, request(0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoder.EncodeAll([]byte(`{"key":"00","answer":{"raw":"x","stop":"stop"}}`), nil), true)
	f.Add([]byte(fmt.Sprintf(`{"key":"%x","answer":{"raw":"x","stop":"stop","timing":{"total":-5}}}`, k)), false)
	f.Fuzz(func(t *testing.T, text []byte, packed bool) {
		if !packed {
			text = encoder.EncodeAll(text, nil)
		}
		a, err := decode(text, k)
		if err != nil {
			return
		}
		out := a.response()
		assert.True(t, out.Cached)
		assert.True(t, finished(out.Stop))
		assert.Zero(t, *out.Cost)
	})
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
func TestKeysStayWhatTheyWere(t *testing.T) {
	q := request(1)
	q.Prefill, q.Effort, q.ThinkingBudget, q.Extra = "<think>", "low", count(5), map[string]any{"top_k": 20}
	k, err := keyOf(who, q)
	require.NoError(t, err)
	assert.Equal(t, "04d439a511ed547fdcd5a6e29cc2402629577952e629e2bfc1ce8258cf2f4102", fmt.Sprintf("%x", k))
}
