package batch_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/batch"
)

// creates says whether a call submits a batch, in either shape.
func creates(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/batches")
}

func say(w http.ResponseWriter, code int, header ...string) bool {
	for i := 0; i+1 < len(header); i += 2 {
		w.Header().Set(header[i], header[i+1])
	}
	w.WriteHeader(code)
	_, _ = fmt.Fprint(w, `{"error":{"message":"a fault of the test"}}`)
	return true
}

// times gives a hook that acts on the first n calls of a kind.
func times(n int, kind func(*http.Request) bool, act func(http.ResponseWriter) bool) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if n == 0 || !kind(r) {
			return false
		}
		n--
		return act(w)
	}
}

func drop(http.ResponseWriter) bool { panic(http.ErrAbortHandler) }

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

func TestASubmissionOfWhichNobodyKnows(t *testing.T) {
	for name, fault := range map[string]func(*bench){
		"accepted, connection lost": func(b *bench) { b.service.After = times(1, creates, drop) },
		"accepted, 500": func(b *bench) {
			b.service.After = times(1, creates, func(w http.ResponseWriter) bool { return say(w, 500) })
		},
		"accepted, 504": func(b *bench) {
			b.service.After = times(1, creates, func(w http.ResponseWriter) bool { return say(w, 504) })
		},
		"accepted, no batch in the answer": func(b *bench) {
			b.service.After = times(1, creates, func(w http.ResponseWriter) bool { _, _ = fmt.Fprint(w, "{}"); return true })
		},
		"accepted, metadata forgotten": func(b *bench) {
			b.service.Forgets = true
			b.service.After = times(1, creates, drop)
		},
		"not accepted, connection lost": func(b *bench) { b.service.Before = times(2, creates, drop) },
		"not accepted, 503": func(b *bench) {
			b.service.Before = times(2, creates, func(w http.ResponseWriter) bool { return say(w, 503) })
		},
		"not accepted, 429": func(b *bench) {
			b.service.Before = times(3, creates, func(w http.ResponseWriter) bool { return say(w, 429, "Retry-After-Ms", "2") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, b *bench) {
				fault(b)
				b.options.Quiet, b.options.MaxRequests = time.Second, 10
				right(t, ask(t.Context(), b.open(), 10))
				assert.Equal(t, 1, b.service.Made())
				b.once(10)
			})
		})
	}
}

func TestABatchIsFoundAmongMany(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.service.PageSize = 3
		b.options.MaxRequests = 10
		right(t, ask(t.Context(), b.open(), 80)) // of the same size, of another run
		b.options.Dir = filepath.Join(t.TempDir(), "other")
		dropped := false
		b.service.After = func(_ http.ResponseWriter, r *http.Request) bool {
			if creates(r) && !dropped {
				dropped = true
				panic(http.ErrAbortHandler)
			}
			return false
		}
		r := b.open()
		q := make([]reply, 10)
		done := make(chan int)
		for i := range q {
			go func() {
				x := request(1000 + i)
				q[i].out, q[i].err = r.Generate(t.Context(), x)
				done <- i
			}()
		}
		for range q {
			i := <-done
			require.NoError(t, q[i].err)
			assert.Equal(t, fmt.Sprintf("question %d", 1000+i), q[i].out.Raw)
		}
		b.once(90)
	})
}

func TestAServiceThatTakesNoBatch(t *testing.T) {
	for code, kind := range map[int]string{400: eval.FailRequest, 404: eval.FailRequest, 401: eval.FailAuth} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			each(t, func(t *testing.T, b *bench) {
				b.service.Before = func(w http.ResponseWriter, r *http.Request) bool {
					return r.Method == http.MethodPost && say(w, code)
				}
				for _, a := range ask(t.Context(), b.open(), 3) {
					assert.NotErrorIs(t, a.err, batch.ErrUnanswered, "it is not asked at the full price behind the user's back")
					assert.Equal(t, kind, failure(t, a.err).Kind)
					assert.False(t, failure(t, a.err).Temporary)
					assert.NotEmpty(t, failure(t, a.err).Hint+a.err.Error())
				}
				listed, err := batch.List(b.options.Dir)
				require.NoError(t, err)
				assert.Empty(t, listed, "nothing of it is left in the folder")
			})
		})
	}
	t.Run("never clear", func(t *testing.T) {
		each(t, func(t *testing.T, b *bench) {
			b.service.Before = func(w http.ResponseWriter, r *http.Request) bool { return creates(r) && say(w, 500) }
			for _, a := range ask(t.Context(), b.open(), 3) {
				assert.Equal(t, 500, failure(t, a.err).Status)
			}
		})
	})
}

func TestAServiceThatCannotTell(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.service.After = times(1, creates, drop)
		b.service.Before = func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/batches") && say(w, 404)
		}
		for _, a := range ask(t.Context(), b.open(), 3) {
			assert.Contains(t, a.err.Error(), "only if its requests may be paid again, delete")
			assert.NotErrorIs(t, a.err, batch.ErrUnanswered)
		}
		b.service.Hook(nil, nil)
		right(t, ask(t.Context(), b.open(), 3))
		b.once(3)
	})
}

func TestTroubleWhileWaitingPasses(t *testing.T) {
	reads := func(r *http.Request) bool { return r.Method == http.MethodGet }
	for name, act := range map[string]func(http.ResponseWriter) bool{
		"500":       func(w http.ResponseWriter) bool { return say(w, 500) },
		"429":       func(w http.ResponseWriter) bool { return say(w, 429, "Retry-After-Ms", "3") },
		"lost":      drop,
		"not JSON":  func(w http.ResponseWriter) bool { _, _ = fmt.Fprint(w, "<html>"); return true },
		"no answer": func(w http.ResponseWriter) bool { _, _ = fmt.Fprint(w, "{}"); return true },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, b *bench) {
				n := 0
				b.service.Before = func(w http.ResponseWriter, r *http.Request) bool {
					if !reads(r) {
						return false
					}
					n++
					return n%2 == 1 && act(w) // every second look, and then the results
				}
				right(t, ask(t.Context(), b.open(), 10))
				b.once(10)
			})
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var refused time.Time
		var waited time.Duration
		b.service.Before = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodGet {
				return false
			}
			if refused.IsZero() {
				refused = time.Now()
				return say(w, 429, "Retry-After-Ms", "150")
			}
			if waited == 0 {
				waited = time.Since(refused)
			}
			return false
		}
		right(t, ask(t.Context(), b.open(), 2))
		assert.GreaterOrEqual(t, waited, 150*time.Millisecond)
	})
}

func TestResultsThatAreCutAreFetchedAgain(t *testing.T) {
	fetches := func(r *http.Request) bool {
		return strings.HasSuffix(r.URL.Path, "/content") || strings.HasSuffix(r.URL.Path, "/results")
	}
	for name, text := range map[string]string{"nothing": "", "half a line": `{"custom_id":"`, "a page": "<html>\n<body>"} {
		cut := func(w http.ResponseWriter) bool { _, _ = fmt.Fprint(w, text); return true }
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, b *bench) {
				b.service.Before = times(2, fetches, cut)
				right(t, ask(t.Context(), b.open(), 10))
				b.once(10)
			})
			each(t, func(t *testing.T, b *bench) { // for ever: what is paid is not asked again
				b.service.Before = times(-1, fetches, cut)
				for _, a := range ask(t.Context(), b.open(), 3) {
					assert.Equal(t, eval.FailProtocol, failure(t, a.err).Kind)
					assert.NotErrorIs(t, a.err, batch.ErrUnanswered)
				}
				b.service.Hook(nil, nil)
				right(t, ask(t.Context(), b.open(), 3))
				b.once(3)
			})
		})
	}
	t.Run("some are lost", func(t *testing.T) {
		each(t, func(t *testing.T, b *bench) {
			b.service.Fate = fates(evaltest.FateLost)
			for i, a := range ask(t.Context(), b.open(), 6) {
				if i%3 != 0 {
					require.NoError(t, a.err)
					continue
				}
				require.ErrorIs(t, a.err, batch.ErrUnanswered)
				assert.Nil(t, a.out.Usage.Output, "the service counts it as answered: it may be billed")
				assert.True(t, failure(t, a.err).Begun)
			}
		})
	})
}

func TestABatchThatIsGoneIsNotPaidAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.service.Before = func(w http.ResponseWriter, r *http.Request) bool { return r.Method == http.MethodGet && say(w, 404) }
		for _, a := range ask(t.Context(), b.open(), 3) {
			assert.Contains(t, a.err.Error(), "is the key one of the project")
		}
		b.once(3)
	})
}
