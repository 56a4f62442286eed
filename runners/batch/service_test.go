package batch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

func failure(t *testing.T, err error) *eval.Failure {
	t.Helper()
	var f *eval.Failure
	require.True(t, errors.As(err, &f), "%v is no Failure", err)
	return f
}
