package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

// A fault is what a service does instead of answering.
type fault func(w http.ResponseWriter, r *http.Request)

func status(code int, body string, header ...string) fault {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = fmt.Fprint(w, body)
	}
}

// streamed sends the beginning of a stream and then does something.
func streamed(text string, then fault) fault {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprint(w, text)
		w.(http.Flusher).Flush()
		if then != nil {
			then(w, r)
		}
	}
}

func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// huge sends more than any answer has, until the client hangs up.
func huge(kind string, piece string) fault {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		block := []byte(strings.Repeat(piece, 1<<20/len(piece)))
		for range 600 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
}

// begun is the beginning of an answer that is wrong: if it were judged, that would
// show.
const begun = `data: {"choices":[{"delta":{"content":"The answer is \\boxed{-1}. #### -1"}}]}` + "\n\n"

var faults = map[string]fault{
	"429":                    status(429, `{"error":{"message":"slow down"}}`),
	"429 with Retry-After":   status(429, `{"error":{"message":"slow down"}}`, "Retry-After", "1"),
	"500":                    status(500, `{"error":{"message":"boom"}}`),
	"502":                    status(502, `<html>bad gateway</html>`),
	"503":                    status(503, ``),
	"reset":                  reset,
	"reset in the answer":    streamed(begun, reset),
	"cut stream":             streamed(begun, nil),
	"malformed chunk":        streamed(begun+"data: {\"choices\":[{\n\n", nil),
	"stall":                  streamed(begun, silence),
	"slow headers":           silence,
	"empty choices":          status(200, `{"choices":[]}`, "Content-Type", "application/json"),
	"no choices in a stream": streamed("data: {\"choices\":[]}\n\ndata: [DONE]\n\n", nil),
	"error in a 200":         status(200, `{"error":{"message":"overloaded","code":503}}`, "Content-Type", "application/json"),
	"error in a stream":      streamed(begun+"data: {\"error\":{\"message\":\"overloaded\"}}\n\n", nil),
	"wrong content type":     status(200, begun, "Content-Type", "text/plain"),
	"web page":               status(200, `<!doctype html><title>Sign in</title>`, "Content-Type", "text/html"),
	"nothing":                status(200, ``, "Content-Type", "application/json"),
	"huge body":              huge("application/json", " "),
	"huge line":              huge("text/event-stream", "x"),
}

// TestNoFaultOfAServiceBecomesAnAnswer lets a service fail in every way, one in five
// requests each: all attempts end right or as an error that is named, none is lost,
// and what was answered is not asked again.
func TestNoFaultOfAServiceBecomesAnAnswer(t *testing.T) {
	const problems = 60
	file := filepath.Join(t.TempDir(), "sums.jsonl")
	var lines strings.Builder
	for i := range problems {
		text, err := json.Marshal(map[string]string{"id": fmt.Sprint(i), "question": fmt.Sprintf("What is %d + %d?", i, i), "answer": fmt.Sprint(2 * i)})
		require.NoError(t, err)
		lines.Write(append(text, '\n'))
	}
	require.NoError(t, os.WriteFile(file, []byte(lines.String()), 0o600))
	// Most of the time is waiting before another try, so all run at once.
	type result struct {
		*book
		problems int
		code     int
		out      string
		errs     string
	}
	results := map[string]*result{}
	var all sync.WaitGroup
	for name, wrong := range faults {
		r := &result{book: newBook(t, wrong), out: filepath.Join(t.TempDir(), "run")}
		results[name] = r
		patience := "30s"
		if name == "stall" || name == "slow headers" {
			patience = "8s"
		}
		// Refusals slow a run down by design.
		r.problems = problems
		if strings.HasPrefix(name, "429") && os.Getenv("EVALR_SLOW") == "" {
			r.problems = 20
		}
		all.Go(func() {
			r.code, _, r.errs = evalr(t, "run", "-q", "-m", "vllm:fake@"+r.API(), "-b", file, "--out", r.out, "--json",
				"--stall", patience, "--first-byte", patience, "--max-errors", "1", "--limit", fmt.Sprint(r.problems))
		})
	}
	all.Wait()
	for name, r := range results {
		t.Run(name, func(t *testing.T) {
			require.Zero(t, r.code, r.errs)
			right, failed := r.outcomes(t, r.out)
			assert.Equal(t, r.problems, right+failed, "no attempt is lost")
			assert.GreaterOrEqual(t, right, r.problems*9/10, "what passes is tried again")
			assert.Positive(t, r.faults, "the fault took place")
			assert.Empty(t, r.again, "answered, and asked again")
		})
	}
}

// A book is a service that fails in one way for one in five requests, and notes
// what it answered.
type book struct {
	*evaltest.Server
	mu       sync.Mutex
	n        int
	faults   int
	answered map[string]bool
	again    []string
}

func newBook(t *testing.T, wrong fault) *book {
	b := &book{answered: map[string]bool{}}
	b.Server = evaltest.NewServer(t, func(q evaltest.Body) evaltest.Reply {
		var x, y int
		question := q.Messages[len(q.Messages)-1].Content
		_, _ = fmt.Sscanf(question[strings.Index(question, "What is"):], "What is %d + %d?", &x, &y)
		return evaltest.Reply{Reasoning: "I add them.", Text: fmt.Sprintf(`It is \boxed{%d}.`, x+y)}
	})
	b.Fault = func(w http.ResponseWriter, r *http.Request, q evaltest.Body) bool {
		question := q.Messages[len(q.Messages)-1].Content
		b.mu.Lock()
		b.n++
		fails := b.n%5 == 2
		if fails {
			b.faults++
		} else {
			if b.answered[question] {
				b.again = append(b.again, question)
			}
			b.answered[question] = true
		}
		b.mu.Unlock()
		if fails {
			wrong(w, r)
		}
		return fails
	}
	return b
}

// outcomes counts the attempts of a run that are right and those that failed; any
// other, and any failure without a name, is an error.
func (b *book) outcomes(t *testing.T, dir string) (right, failed int) {
	kinds := []string{eval.FailConnection, eval.FailTimeout, eval.FailRateLimit, eval.FailServer, eval.FailProtocol}
	run, err := store.Open(dir)
	require.NoError(t, err)
	for a, err := range run.Attempts() {
		require.NoError(t, err)
		switch {
		case a.Err != nil:
			failed++
			assert.True(t, slices.Contains(kinds, a.Err.Kind), "%s is named: %v", a.Key, a.Err)
			assert.NotEmpty(t, a.Err.Message)
			assert.Positive(t, a.Err.Tries)
		case a.Verdict.Outcome == eval.Correct:
			right++
		default:
			assert.Fail(t, "a fault became an answer", "%s: %s %q", a.Key, a.Verdict.Outcome, a.Response.Raw)
		}
		assert.False(t, a.Started.After(time.Now()))
	}
	return right, failed
}
