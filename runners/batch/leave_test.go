package batch_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/batch"
)

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
