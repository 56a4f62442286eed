package batch_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/batch"
)

// fates gives every third request a fate.
func fates(fate evaltest.Fate) func(string) evaltest.Fate {
	return func(prompt string) evaltest.Fate {
		var i int
		if _, _ = fmt.Sscanf(prompt, "question %d", &i); i%3 == 0 {
			return fate
		}
		return evaltest.FateAnswered
	}
}

func TestWhatABatchLeavesIsAskedOtherwiseOnce(t *testing.T) {
	for name, fate := range map[string]evaltest.Fate{
		"errored": evaltest.FateErrored, "invalid": evaltest.FateInvalid, "expired": evaltest.FateSlow, "garbled": evaltest.FateGarbled,
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, b *bench) {
				b.service.Fate, b.service.Tick = fates(fate), 13*time.Hour
				var asked atomic.Int32
				otherwise := evaltest.Runner{F: func(_ context.Context, q eval.Request) (eval.Response, error) {
					asked.Add(1)
					return eval.Response{Raw: "otherwise " + q.Key.Problem, Tries: 2}, nil
				}}
				for i, a := range ask(t.Context(), batch.Or(b.open(), otherwise), 12) {
					require.NoError(t, a.err)
					if i%3 == 0 {
						assert.Equal(t, fmt.Sprintf("otherwise %d", i), a.out.Raw)
						assert.Equal(t, 3, a.out.Tries)
					} else {
						assert.Equal(t, fmt.Sprintf("question %d", i), a.out.Raw)
					}
				}
				assert.EqualValues(t, 4, asked.Load())
				b.once(12)
				for i, a := range ask(t.Context(), b.open(), 12) { // another process knows it too
					if i%3 != 0 {
						require.NoError(t, a.err)
						continue
					}
					require.ErrorIs(t, a.err, batch.ErrUnanswered)
					assert.NotEmpty(t, failure(t, a.err).Message)
					if fate == evaltest.FateGarbled {
						assert.Equal(t, eval.FailProtocol, failure(t, a.err).Kind)
					} else {
						assert.Equal(t, 0, *a.out.Usage.Output, "it was not billed")
					}
				}
				b.once(12)
			})
		})
	}
}

func TestAFullContextIsTruncation(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.service.Fate = fates(evaltest.FateTooLong)
		all := ask(t.Context(), b.open(), 3)
		require.NoError(t, all[0].err)
		assert.Equal(t, eval.StopLength, all[0].out.Stop)
	})
}

func TestTheFailureOfTheOtherIsThatOfBoth(t *testing.T) {
	left := evaltest.Runner{Label: "m", F: func(context.Context, eval.Request) (eval.Response, error) {
		cost := 1.0
		return eval.Response{Tries: 1, Cost: &cost}, fmt.Errorf("%w: %w", batch.ErrUnanswered, &eval.Failure{Kind: eval.FailServer})
	}}
	otherwise := evaltest.Runner{F: func(context.Context, eval.Request) (eval.Response, error) {
		cost := 2.0
		return eval.Response{Cost: &cost}, &eval.Failure{Kind: eval.FailTimeout, Tries: 7}
	}}
	r := batch.Or(left, otherwise)
	assert.Equal(t, "m", r.Name())
	out, err := r.Generate(t.Context(), request(1))
	assert.Equal(t, &eval.Failure{Kind: eval.FailTimeout, Tries: 8}, failure(t, err))
	assert.InDelta(t, 3, *out.Cost, 0)
	billed := evaltest.Runner{F: func(context.Context, eval.Request) (eval.Response, error) {
		return eval.Response{}, fmt.Errorf("%w: %w", batch.ErrUnanswered, &eval.Failure{Kind: eval.FailServer, Begun: true})
	}}
	out, _ = batch.Or(billed, otherwise).Generate(t.Context(), request(1))
	assert.Nil(t, out.Cost, "what the batch took is not known")
	refused := evaltest.Runner{F: func(context.Context, eval.Request) (eval.Response, error) {
		return eval.Response{}, &eval.Failure{Kind: eval.FailAuth}
	}}
	_, err = batch.Or(refused, otherwise).Generate(t.Context(), request(1))
	assert.Equal(t, eval.FailAuth, failure(t, err).Kind, "only what a batch left is asked again")
}

func TestAgainPutsWhatExpiredIntoAnotherBatch(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.options.Again = 1
		b.service.Tick = 13 * time.Hour
		b.options.Quiet, b.options.MaxRequests = 100*time.Millisecond, 12
		b.service.Fate = slowUntil(b, 2)
		all := ask(t.Context(), b.open(), 12)
		right(t, all)
		_, billed := b.service.Book()
		for id, n := range billed {
			assert.Equal(t, 1, n, id)
		}
		assert.Len(t, billed, 12)
	})
}

// What expired goes into a second batch of the same ids. If it is not known whether
// that was submitted, the first is not taken for it.
func TestTheFirstBatchIsNotTakenForTheSecond(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.options.Again, b.options.MaxRequests = 1, 5
		b.service.Tick = 13 * time.Hour
		made := 0
		b.service.Fate = func(string) evaltest.Fate {
			if made < 2 {
				return evaltest.FateSlow
			}
			return evaltest.FateAnswered
		}
		b.service.Before = func(_ http.ResponseWriter, r *http.Request) bool {
			if creates(r) {
				if made++; made == 2 {
					panic(http.ErrAbortHandler)
				}
			}
			return false
		}
		right(t, ask(t.Context(), b.open(), 5))
		assert.Equal(t, 2, b.service.Made())
	})
}

// slowUntil lets every third request expire until so many batches were submitted.
func slowUntil(b *bench, batches int) func(string) evaltest.Fate {
	made := 0
	b.service.After = func(_ http.ResponseWriter, r *http.Request) bool {
		if creates(r) {
			made++
		}
		return false
	}
	slow := fates(evaltest.FateSlow)
	return func(prompt string) evaltest.Fate {
		if made < batches {
			return slow(prompt)
		}
		return evaltest.FateAnswered
	}
}

func TestABatchThatFailsAsAWhole(t *testing.T) {
	b := newBench(t, shapes["files"])
	b.service.Refuse = "the enqueued tokens are too many"
	for _, a := range ask(t.Context(), b.open(), 5) {
		require.ErrorIs(t, a.err, batch.ErrUnanswered)
		assert.Contains(t, a.err.Error(), "the enqueued tokens are too many")
		assert.Equal(t, 0, *a.out.Usage.Output)
	}
	b.once(5)
}

func TestCancelledBatchesGiveWhatTheyHave(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.service.Fate, b.service.Tick = fates(evaltest.FateSlow), time.Minute
		r := b.open()
		looked := make(chan struct{}, 1)
		b.service.After = func(_ http.ResponseWriter, q *http.Request) bool {
			if q.Method == http.MethodGet {
				select {
				case looked <- struct{}{}:
				default:
				}
			}
			return false
		}
		done := make(chan []reply)
		go func() { done <- ask(t.Context(), r, 9) }()
		<-looked
		other := b.open() // as another command does
		ids, err := other.Cancel(t.Context())
		require.NoError(t, err)
		assert.Len(t, ids, 1)
		for i, a := range <-done {
			if i%3 == 0 {
				require.ErrorIs(t, a.err, batch.ErrUnanswered)
			} else {
				require.NoError(t, a.err)
			}
		}
		ids, err = b.open().Cancel(t.Context())
		require.NoError(t, err)
		assert.Empty(t, ids, "what has ended is not cancelled")
	})
}
