package batch_test

import (
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
	"github.com/evalr/evalr/runners/batch"
)

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
