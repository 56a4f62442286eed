package batch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/evalr/evalr/eval"
)

// A job brings one batch to its end, as long as somebody waits for it. Its calls
// are guarded by the runner's lock.
type job struct {
	rec    *record
	fresh  bool // this process wrote it down, and has not submitted it
	calls  map[string]*call
	ctx    context.Context
	cancel context.CancelFunc
}

// start begins a job. The caller holds the lock.
func (r *Runner) start(rec *record, fresh bool, calls []*call) {
	j := &job{rec: rec, fresh: fresh, calls: map[string]*call{}}
	j.ctx, j.cancel = context.WithCancel(r.ctx)
	for _, c := range calls {
		j.calls[c.id], c.job = c, j
	}
	r.jobs[rec.Client] = j
	r.running.Go(func() { r.run(j) })
}

// run carries a job out and finds every call that waits for it a new place: by
// then the answers are there, or the batch is gone.
func (r *Runner) run(j *job) {
	err := r.carry(j)
	if j.ctx.Err() != nil && j.rec.Sent.IsZero() && j.rec.Phase == prepared {
		_ = r.forget(j.rec) // nobody waits for it, and it was never sent
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.jobs, j.rec.Client)
	given := j.ctx.Err() != nil && r.ctx.Err() == nil // up, by those who waited until now
	j.cancel()
	for _, c := range j.calls {
		if err == nil || given {
			r.place(c)
		} else {
			r.settle(c, nil, err)
		}
	}
}

// carry takes the steps of a batch from where it is.
func (r *Runner) carry(j *job) error {
	for {
		var err error
		switch {
		case j.rec.Phase == prepared && j.fresh:
			err = r.submit(j)
		case j.rec.Phase == prepared:
			err = r.resolve(j)
		case j.rec.Phase == submitted:
			err = r.watch(j)
		case j.rec.Phase == ended:
			err = r.gather(j)
		case j.rec.Phase == collected:
			return r.load(j)
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// watch asks after a batch until it has ended.
func (r *Runner) watch(j *job) error {
	b := j.rec
	for wait := r.o.Poll; ; wait = min(wait*3/2, r.o.PollMost) {
		var s status
		err := r.patiently(j.ctx, attempts{what: "ask how " + b.called() + " is"}, func(ctx context.Context) (err error) {
			s, err = r.service.look(ctx, b.ID)
			return err
		})
		if err != nil {
			return r.lost(b, err)
		}
		s.ID = b.ID
		if s.Done {
			r.o.Say(ending(b, s))
			return r.save(b, func() { b.Status, b.Phase = s, ended })
		}
		r.mu.Lock()
		b.Status = s
		r.mu.Unlock()
		if err := pause(j.ctx, jitter(wait)); err != nil {
			return err
		}
	}
}

func ending(b *record, s status) string {
	line := fmt.Sprintf("batch %s is %s: %d of %d requests answered", b.ID, s.State, s.Answered, len(b.Requests))
	if s.Why != "" {
		line += " (" + s.Why + ")"
	}
	return line
}

// lost says what can be done for a batch that cannot be asked after. Its requests
// are not sent again, because they may be paid.
func (r *Runner) lost(b *record, err error) error {
	var f *eval.Failure
	if !errors.As(err, &f) || f.Kind == eval.FailInternal {
		return err
	}
	told := *f
	told.Temporary = false
	told.Message = fmt.Sprintf("batch %s: %s", b.called(), f.Message)
	told.Hint = "the same command tries again"
	if f.Status == http.StatusNotFound || f.Kind == eval.FailAuth {
		told.Hint = "is the key one of the project that submitted the batch?"
	}
	told.Hint += "; only if its requests may be paid again, delete " + b.file(r.o.Dir)
	told.Message += " (" + told.Hint + ")"
	return &told
}

// attempts say how often something is tried that may pass.
type attempts struct {
	what string
	most int // 0 means until nobody waits any more
}

// patiently tries until it succeeds, with longer and longer waits, or those that
// the service asks for.
func (r *Runner) patiently(ctx context.Context, a attempts, try func(context.Context) error) error {
	wait := r.o.Poll
	for n := 1; ; n++ {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !passes(ctx, err) || n == a.most {
			return err
		}
		var f *eval.Failure
		next := jitter(wait)
		if errors.As(err, &f) && f.RetryAfter > 0 {
			next = f.RetryAfter + jitter(min(r.o.Poll, time.Second))
		}
		if n == 1 {
			r.o.Say(fmt.Sprintf("could not %s: %v: trying again", a.what, err))
		}
		if err := pause(ctx, next); err != nil {
			return err
		}
		wait = min(2*wait, r.o.PollMost)
	}
}

// jitter spreads a wait over three quarters of it to five, so that clients do not
// come together.
func jitter(d time.Duration) time.Duration { return d*3/4 + rand.N(max(d/2, 1)) }

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// known says whether an id is of a batch of the folder.
func (r *Runner) known(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.records {
		if b.ID == id {
			return true
		}
	}
	return false
}

// chosen fixes which requests a batch holds: those for which somebody still waits.
func (r *Runner) chosen(j *job) []*call {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*call
	for id := range j.rec.Requests {
		if c := j.calls[id]; c != nil {
			all = append(all, c)
			continue
		}
		r.unhold(id, j.rec)
		delete(j.rec.Requests, id)
	}
	slices.SortFunc(all, func(a, b *call) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	return all
}
