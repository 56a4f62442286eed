package flow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/evalr/evalr/eval"
)

// A runner sends each request through the Endpoint, again where that may help.
type runner struct {
	e     *Endpoint
	m     *model
	under eval.Runner
}

// Name is that of the Runner below.
func (r *runner) Name() string { return r.under.Name() }

// Under is the Runner below.
func (r *runner) Under() eval.Runner { return r.under }

// Generate asks until there is an answer or asking again is of no use.
func (r *runner) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	r.e.asked()
	var c course
	for {
		p, err := r.e.enter(ctx, r.m, c.tries > 0)
		if err != nil {
			return c.gaveUp(err)
		}
		out, err := r.once(ctx, p, q)
		c.tries++
		out.Timing.Queue = p.queued
		f, failed := failure(err)
		if err == nil || !failed || passing(ctx, err) {
			return c.finish(out), err
		}
		c.failed(out, f)
		pause, final := r.e.again(&c, r.m)
		if final != nil {
			return c.gaveUp(final)
		}
		if err := r.e.backOff(ctx, pause); err != nil {
			return eval.Response{}, err
		}
		c.waited += pause
	}
}

// passing says that an error is not of the server and goes through as it is.
func passing(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, eval.ErrSpent) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// once sends the request. A panic below is the failure of this try alone.
func (r *runner) once(ctx context.Context, p pass, q eval.Request) (out eval.Response, err error) {
	sure := result{end: untold}
	defer func() {
		if v := recover(); v != nil {
			out, err = eval.Response{}, &eval.Failure{Kind: eval.FailInternal, Message: short(fmt.Sprintf("the runner of %s panicked: %v", r.Name(), v)), Hint: "this is a defect of evalr: please report it"}
		}
		r.e.leave(p, r.m, sure)
	}()
	out, err = r.under.Generate(ctx, q)
	sure = resultOf(ctx, out, err)
	return out, err
}

// short bounds a text of unknown length.
func short(s string) string {
	const most = 400
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

// A course is what happened to one request so far.
type course struct {
	tries  int
	waited time.Duration
	last   *eval.Failure
	sign   signature
	same   int // times that the last error came in a row
	spent  spent
}

func (c *course) failed(out eval.Response, f *eval.Failure) {
	c.spent.add(out)
	c.last = f
	s, ok := sign(f)
	switch {
	case !ok:
		c.same = 0
	case c.same > 0 && s == c.sign:
		c.same++
	default:
		c.sign, c.same = s, 1
	}
}

// finish completes the Response of the last try.
func (c *course) finish(out eval.Response) eval.Response {
	out.Tries = c.tries
	out.Cost = c.spent.with(out.Cost)
	return out
}

// gaveUp is the end without an answer.
func (c *course) gaveUp(err error) (eval.Response, error) {
	f, ok := failure(err)
	if !ok {
		return eval.Response{}, err
	}
	told := *f
	told.Tries = c.tries
	out := eval.Response{Tries: c.tries, Usage: c.spent.usage}
	out.Cost = c.spent.cost()
	return out, &told
}

// again decides whether a request that failed is sent again, and after what pause;
// else it gives the final failure.
func (e *Endpoint) again(c *course, m *model) (time.Duration, *eval.Failure) {
	e.mu.Lock()
	defer e.mu.Unlock()
	pause, final := e.verdict(c)
	if final != nil {
		m.park.gaveUp(c.last, time.Now())
		return 0, final
	}
	e.count.retries++
	if !crowd(c.last) {
		e.count.budgeted++
	}
	return pause, nil
}

func (e *Endpoint) verdict(c *course) (time.Duration, *eval.Failure) {
	r, f := e.o.Retries, c.last
	allowed := r.Tries
	switch {
	case crowd(f):
		allowed = r.Refused
	case f.Kind == eval.FailConnection && f.Status == 0 && !f.Begun:
		allowed = r.Unreachable
	}
	pause := jitter(min(r.First<<min(c.tries-1, 20), r.Most))
	if f.RetryAfter > 0 {
		pause = f.RetryAfter + jitter(min(f.RetryAfter/20, time.Second))
	}
	switch {
	case !f.Temporary:
		return 0, f
	case c.same >= e.o.Park.Same && c.same > 1:
		return 0, repeated(f, c.same)
	case c.tries >= allowed:
		return 0, f
	case f.RetryAfter > r.MostAsked:
		return 0, hinted(f, fmt.Sprintf("the server asks to wait %v: start again then, and what is missing is asked", f.RetryAfter.Round(time.Second)))
	case c.waited+pause > r.Wait:
		return 0, hinted(f, fmt.Sprintf("it was waited for %v in all: the server is overloaded for long; ask fewer at once or later", c.waited.Round(time.Second)))
	case !crowd(f) && float64(e.count.budgeted) >= float64(r.Spare)+r.Share*float64(e.count.requests):
		return 0, hinted(f, fmt.Sprintf("not sent again: this run has already repeated %d of its %d requests; see what ails the server", e.count.budgeted, e.count.requests))
	}
	return pause, nil
}

// crowd says that a request failed because there were too many.
func crowd(f *eval.Failure) bool {
	return f.Kind == eval.FailRateLimit || overload(f.Status)
}

func hinted(f *eval.Failure, hint string) *eval.Failure {
	out := *f
	out.Hint = hintOf(f, hint)
	return &out
}

// backOff waits before the next try; no slot is held meanwhile.
func (e *Endpoint) backOff(ctx context.Context, d time.Duration) error {
	e.backing(1, time.Now().Add(d))
	defer e.backing(-1, time.Time{})
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
