package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
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
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/runners/batch"
	"github.com/evalr/evalr/runners/wire"
)

// shapes are the providers that the tests go over.
var shapes = map[string]func(api, key string) eval.Runner{
	"files": func(api, key string) eval.Runner {
		all, err := runners.Open("openai:fake@"+api, runners.Options{Env: func(string) string { return key }})
		if err != nil {
			panic(err)
		}
		return all[0]
	},
	"messages": func(api, key string) eval.Runner {
		return &speaker{wire.New(wire.Options{Base: api, Key: wire.NewSecret(key), FirstByte: time.Minute, Stall: time.Minute})}
	},
}

// A speaker is a small provider in the shape of Anthropic.
type speaker struct{ client *wire.Client }

func (s *speaker) Name() string { return "fake" }

func (s *speaker) Generate(context.Context, eval.Request) (eval.Response, error) {
	panic("a batch never asks the runner below")
}

func (s *speaker) Batches() (*wire.Client, string) { return s.client, "/v1/messages" }

func (s *speaker) BatchBody(q eval.Request) ([]byte, error) {
	return json.Marshal(map[string]any{"model": "fake", "max_tokens": 100, "messages": q.Messages})
}

func (s *speaker) BatchAnswer(body []byte) (eval.Response, error) {
	var m struct {
		Content []struct {
			Text string `json:"text"`
		} `json:"content"`
		Usage struct {
			In  *int `json:"input_tokens"`
			Out *int `json:"output_tokens"`
		} `json:"usage"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return eval.Response{}, err
	}
	if len(m.Content) == 0 {
		return eval.Response{}, wire.Protocol("no content")
	}
	return eval.Response{Raw: m.Content[0].Text, Stop: eval.StopEnd, Usage: eval.Usage{Prompt: m.Usage.In, Output: m.Usage.Out}}, nil
}

// A bench is a service, a folder and what was said.
type bench struct {
	t       *testing.T
	service *evaltest.Batches
	options batch.Options

	mu   sync.Mutex
	said []string
}

// newBench gives a service whose batches take three looks, and a client that waits
// for milliseconds only.
func newBench(t *testing.T, shape func(api, key string) eval.Runner) *bench {
	b := &bench{t: t, service: evaltest.NewBatches(t)}
	b.service.Tick, b.service.Takes = time.Minute, 3*time.Minute
	b.options = batch.Options{
		Dir: filepath.Join(t.TempDir(), "batches"), Runner: shape(b.service.API(), "key-of-the-test"),
		Quiet: 20 * time.Millisecond, Longest: time.Second, Poll: time.Millisecond, PollMost: 4 * time.Millisecond, Settle: 10 * time.Millisecond,
		Say: func(line string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.said = append(b.said, line)
		},
	}
	return b
}

func (b *bench) open() *batch.Runner {
	r, err := batch.Open(b.options)
	require.NoError(b.t, err)
	b.t.Cleanup(r.Close)
	return r
}

func (b *bench) heard() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.said, "\n")
}

// once asserts that n requests were accepted, each once.
func (b *bench) once(n int) {
	b.t.Helper()
	accepted, billed := b.service.Book()
	assert.Len(b.t, accepted, n)
	for id, times := range accepted {
		assert.Equal(b.t, 1, times, "%s was accepted %d times", id, times)
	}
	for id, times := range billed {
		assert.Equal(b.t, 1, times, "%s was billed %d times", id, times)
	}
}

func request(i int) eval.Request {
	return eval.Request{
		Key:      eval.Key{Benchmark: "b", Problem: fmt.Sprint(i), Model: "fake"},
		Messages: []eval.Message{{Role: eval.User, Content: fmt.Sprintf("question %d", i)}},
	}
}

// A reply is what Generate gave.
type reply struct {
	out eval.Response
	err error
}

// ask asks n requests at once.
func ask(ctx context.Context, r eval.Runner, n int) []reply {
	all := make([]reply, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { all[i].out, all[i].err = r.Generate(ctx, request(i)) })
	}
	wait.Wait()
	return all
}

func right(t *testing.T, all []reply) {
	t.Helper()
	for i, a := range all {
		require.NoError(t, a.err)
		require.Equal(t, fmt.Sprintf("question %d", i), a.out.Raw)
		require.Equal(t, eval.StopEnd, a.out.Stop)
		require.Equal(t, 3, *a.out.Usage.Output)
		require.Equal(t, 1, a.out.Tries)
	}
}

// each runs a test for every shape.
func each(t *testing.T, test func(t *testing.T, b *bench)) {
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) { test(t, newBench(t, shape)) })
	}
}

func TestWhatWaitsTogetherGoesTogether(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.options.Quiet, b.options.MaxRequests = time.Minute, 200
		b.options.Longest = time.Minute
		r := b.open()
		right(t, ask(t.Context(), r, 200))
		assert.Equal(t, 1, b.service.Made())
		b.once(200)
		assert.Contains(t, b.heard(), "of 200 requests submitted; interrupt at will: the same command collects it")
		assert.Contains(t, b.heard(), "200 of 200 requests answered")
		state := r.State()
		require.Len(t, state, 1)
		assert.True(t, state[0].Done)
		assert.Equal(t, 200, state[0].Answered)
		assert.Equal(t, 200, state[0].Requests)
		listed, err := batch.List(b.options.Dir)
		require.NoError(t, err)
		assert.Equal(t, state, listed)
	})
}

func TestABatchHoldsNoMoreThanTheServiceTakes(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.options.MaxRequests = 7
		b.options.Quiet = 100 * time.Millisecond
		right(t, ask(t.Context(), b.open(), 20))
		assert.GreaterOrEqual(t, b.service.Made(), 3)
		b.once(20)
	})
	each(t, func(t *testing.T, b *bench) {
		b.options.MaxBytes = 1<<10 + 1000 // the envelope, and some requests
		uploaded := 0
		b.service.Before = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost && r.URL.Path != "/v1/batches" {
				assert.Less(t, r.ContentLength, b.options.MaxBytes)
				uploaded++
			}
			return false
		}
		right(t, ask(t.Context(), b.open(), 20))
		assert.Greater(t, uploaded, 2)
		b.once(20)
		q := request(1)
		q.Messages[0].Content = strings.Repeat("x", 2000)
		_, err := b.open().Generate(t.Context(), q)
		require.ErrorContains(t, err, "leave --batch out")
	})
}

func TestAnotherProcessCollectsWithoutAsking(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		right(t, ask(t.Context(), b.open(), 20))
		calls := len(b.service.Calls())
		right(t, ask(t.Context(), b.open(), 20))
		assert.Len(t, b.service.Calls(), calls, "what is in the folder is not fetched again")
		b.once(20)
		require.NoError(t, os.Remove(resultsIn(t, b.options.Dir)))
		right(t, ask(t.Context(), b.open(), 20))
		b.once(20)
		assert.Greater(t, len(b.service.Calls()), calls, "what was deleted is")
	})
}

func resultsIn(t *testing.T, dir string) string {
	all, err := filepath.Glob(filepath.Join(dir, "*.results.jsonl"))
	require.NoError(t, err)
	require.Len(t, all, 1)
	return all[0]
}

func TestTheSameRequestIsSentOnceForAllWhoAsk(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		r := b.open()
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { right(t, ask(t.Context(), r, 3)) })
		}
		all.Wait()
		b.once(3)
	})
}

func TestAnotherTrialOrParameterIsAnotherRequest(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		r := b.open()
		other, trial := request(0), request(0)
		other.Messages = []eval.Message{{Role: eval.User, Content: "another question"}}
		trial.Key.Trial = 1
		for _, q := range []eval.Request{request(0), other, trial} {
			assert.False(t, r.Submitted(q))
			_, err := r.Generate(t.Context(), q)
			require.NoError(t, err)
			assert.True(t, r.Submitted(q))
		}
		b.once(3)
	})
}

func TestContract(t *testing.T) {
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			evaltest.RunnerContract(t, func(t *testing.T) eval.Runner { return newBench(t, shape).open() }, request(1))
		})
	}
}

func TestCancellingReturnsAtOnceAndLeavesTheBatch(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.service.Tick = 0 // nothing ends
		r := b.open()
		ctx, cancel := context.WithCancel(t.Context())
		submitted := make(chan struct{})
		b.service.After = func(_ http.ResponseWriter, q *http.Request) bool {
			if q.Method == http.MethodGet { // it is being looked at
				select {
				case <-submitted:
				default:
					close(submitted)
				}
			}
			return false
		}
		done := make(chan []reply)
		go func() { done <- ask(ctx, r, 10) }()
		<-submitted
		cancel()
		for _, a := range <-done {
			require.ErrorIs(t, a.err, context.Canceled)
			assert.Nil(t, a.out.Usage.Output, "it may be billed")
		}
		r.Close()
		b.service.Advance(time.Hour)
		right(t, ask(t.Context(), b.open(), 10))
		b.once(10)
	})
}

func TestWhoeverStillWaitsGetsTheAnswerAndOthersAreNotSent(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.options.Quiet = time.Second
		r := b.open()
		ctx, cancel := context.WithCancel(t.Context())
		gone, waiting := make(chan reply), make(chan struct{})
		go func() {
			out, err := r.Generate(&waited{Context: ctx, waiting: waiting}, request(99))
			gone <- reply{out, err}
		}()
		var all sync.WaitGroup
		all.Go(func() { right(t, ask(t.Context(), r, 5)) })
		<-waiting
		cancel()
		left := <-gone
		require.ErrorIs(t, left.err, context.Canceled)
		assert.Equal(t, 0, *left.out.Usage.Output, "it was never sent")
		all.Wait()
		b.once(5)
	})
}

// waited is a context that tells when somebody waits for its end.
type waited struct {
	context.Context
	once    sync.Once
	waiting chan struct{}
}

func (w *waited) Done() <-chan struct{} {
	w.once.Do(func() { close(w.waiting) })
	return w.Context.Done()
}

func TestEqualRequestsOfTwoRunsAreTwo(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		right(t, ask(t.Context(), b.open(), 3))
		b.options.Dir = filepath.Join(t.TempDir(), "other")
		right(t, ask(t.Context(), b.open(), 3))
		b.once(6)
		require.NoError(t, os.Remove(filepath.Join(b.options.Dir, "salt")))
		_, err := batch.Open(b.options)
		require.ErrorContains(t, err, "are paid again")
	})
}

func TestAProviderWithoutBatches(t *testing.T) {
	_, err := batch.Open(batch.Options{Dir: t.TempDir(), Runner: evaltest.Runner{Label: "m"}})
	require.ErrorContains(t, err, "m has no batches")
}

func TestAFolderThatWasSpoilt(t *testing.T) {
	b := newBench(t, shapes["files"])
	right(t, ask(t.Context(), b.open(), 2))
	files, err := filepath.Glob(filepath.Join(b.options.Dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	whole, err := os.ReadFile(files[0])
	require.NoError(t, err)
	for name, text := range map[string]string{
		"cut":     string(whole[:len(whole)/2]),
		"phase":   strings.Replace(string(whole), `"collected"`, `"sold"`, 1),
		"no id":   strings.Replace(string(whole), `"id": "batch_1"`, `"id": ""`, 1),
		"another": strings.Replace(string(whole), `"client": "evalr-`, `"client": "evalr-0`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(files[0], []byte(text), 0o600))
			_, err := batch.Open(b.options)
			require.ErrorContains(t, err, files[0])
			require.ErrorContains(t, err, "put the file back")
		})
	}
	require.NoError(t, os.WriteFile(files[0], whole, 0o600))
	require.NoError(t, os.WriteFile(files[0]+".part", []byte("{"), 0o600)) // of a death in the middle
	right(t, ask(t.Context(), b.open(), 2))
	require.NoError(t, os.WriteFile(resultsIn(t, b.options.Dir), []byte("?\n"), 0o600))
	_, err = b.open().Generate(t.Context(), request(0))
	require.ErrorContains(t, err, "line 1 is no result")
	b.once(2)
}

func TestClosingEndsAllWaiting(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.options.Quiet = time.Hour
		b.options.Longest = time.Hour
		b.options.MaxRequests = 3
		b.service.Tick = 0
		r := b.open()
		done := make(chan []reply)
		go func() { done <- ask(t.Context(), r, 5) }()
		require.Eventually(t, func() bool { return b.service.Made() == 1 }, 5*time.Second, time.Millisecond)
		r.Close()
		for _, a := range <-done {
			require.ErrorIs(t, a.err, context.Canceled)
		}
		_, err := r.Generate(t.Context(), request(7))
		require.ErrorIs(t, err, context.Canceled)
	})
}

func failure(t *testing.T, err error) *eval.Failure {
	t.Helper()
	var f *eval.Failure
	require.True(t, errors.As(err, &f), "%v is no Failure", err)
	return f
}
