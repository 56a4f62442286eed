package runners

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/evalr/evalr/eval"
)

// Retries say how often and how patiently a request is sent again.
type Retries struct {
	Tries       int           // in all, the first included
	Unreachable int           // tries while nothing answers at the address
	First, Most time.Duration // the wait before the second try, and the longest wait
	MostAsked   time.Duration // the longest Retry-After that is obeyed
}

// DefaultRetries try for about two minutes where a server is overloaded and for
// a few seconds where nothing answers, so that a wrong address is soon known.
var DefaultRetries = Retries{Tries: 7, Unreachable: 3, First: time.Second, Most: time.Minute, MostAsked: 10 * time.Minute}

// Retry asks again after failures that may pass: 429, 5xx, time-outs, lost
// connections and answers that were cut. It waits twice as long each time, with
// jitter, or as long as the server asks. A Failure that it returns says how
// often was tried.
func Retry(under eval.Runner, r Retries) eval.Runner { return &retrying{under, r} }

type retrying struct {
	under eval.Runner
	r     Retries
}

func (t *retrying) Name() string { return t.under.Name() }

func (t *retrying) Under() eval.Runner { return t.under }

func (t *retrying) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	wait := t.r.First
	for try := 1; ; try++ {
		out, err := t.under.Generate(ctx, q)
		var f *eval.Failure
		if err == nil || !errors.As(err, &f) {
			return out, err
		}
		allowed := t.r.Tries
		if f.Kind == eval.FailConnection && f.Status == 0 {
			allowed = t.r.Unreachable
		}
		if !f.Temporary || try >= allowed || f.RetryAfter > t.r.MostAsked {
			told := *f
			told.Tries = try
			return out, &told
		}
		pause := wait/2 + rand.N(wait) // jitter, so that clients do not come back together
		wait = min(2*wait, t.r.Most)
		if f.RetryAfter > 0 {
			pause = f.RetryAfter + rand.N(time.Second)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return eval.Response{}, ctx.Err()
		}
	}
}
