package batch_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
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

// afterSubmission acts when a batch was submitted and is looked at.
func afterSubmission(act func()) func(http.ResponseWriter, *http.Request) bool {
	return func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			act()
		}
		return false
	}
}

func drop(http.ResponseWriter) bool { panic(http.ErrAbortHandler) }

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
					return n%3 == 1 && act(w) // looks, and results
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

func TestFilesThatAreNamedLate(t *testing.T) {
	b := newBench(t, shapes["files"])
	looks := func(r *http.Request) bool {
		return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/batches/")
	}
	b.service.Takes = 0
	b.service.Before = times(2, looks, func(w http.ResponseWriter) bool {
		_, _ = fmt.Fprint(w, `{"id":"batch_1","status":"completed","request_counts":{"total":3,"completed":3}}`)
		return true
	})
	right(t, ask(t.Context(), b.open(), 3))
	b.once(3)
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
