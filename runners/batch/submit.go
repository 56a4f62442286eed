package batch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/evalr/evalr/eval"
)

const (
	// submissions is how often a batch is handed in where the service does not take
	// it at once.
	submissions = 7
	// unclears is how often a request is handed in again after nobody knew what had
	// become of its batch, and it was found that there was none.
	unclears = 4
)

// submit hands a batch in. It is written down before, so that whenever this
// program dies another finds out what became of it.
func (r *Runner) submit(j *job) error {
	select {
	case r.handing <- struct{}{}:
		defer func() { <-r.handing }()
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
	b := j.rec
	packed, err := r.packed(j)
	if err != nil {
		return errors.Join(err, r.forget(b))
	}
	var file string // a stray one costs nothing, so this needs no writing down
	err = r.patiently(j.ctx, attempts{"upload the requests of a batch", submissions}, func(ctx context.Context) (err error) {
		file, err = r.service.upload(ctx, b.Client, packed)
		return err
	})
	if err != nil {
		return r.refused(b, err)
	}
	if err := r.save(b, func() { b.File, b.Sent = file, time.Now().UTC() }); err != nil {
		return errors.Join(err, r.forget(b))
	}
	return r.create(j, packed)
}

// packed builds the requests of a batch. They are built here a second time,
// because fifty thousand bodies need not wait in memory.
func (r *Runner) packed(j *job) ([]byte, error) {
	var lines [][]byte
	for _, c := range r.chosen(j) {
		body, err := r.provider.BatchBody(c.q)
		if err != nil {
			return nil, err
		}
		line, err := r.service.line(c.id, body)
		if err != nil {
			return nil, fmt.Errorf("build the batch: %w", err)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil, context.Canceled // all who waited have left
	}
	return r.service.pack(lines), nil
}

// create submits what was uploaded. An error that leaves open whether the service
// took it is resolved by its list, never by a second try.
func (r *Runner) create(j *job, packed []byte) error {
	b := j.rec
	var s status
	err := r.patiently(j.ctx, attempts{"submit a batch", submissions}, func(ctx context.Context) (err error) {
		if s, err = r.service.create(ctx, b, packed); err == nil || ctx.Err() != nil || unsent(err) {
			return err
		}
		return unclear{err}
	})
	j.fresh = false
	var open unclear
	switch {
	case err == nil:
		return r.taken(b, s)
	case j.ctx.Err() != nil:
		return j.ctx.Err()
	case errors.As(err, &open):
		r.o.Say(fmt.Sprintf("it is not known whether a batch of %d requests was submitted (%v): looking for it", len(b.Requests), open.error))
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, c := range j.calls {
			c.unclear++
			c.trouble = open.error
		}
		return nil
	}
	return r.refused(b, err)
}

// unclear is a failed submission of which nobody knows what became. It hides the
// failure, so that it is not tried again.
type unclear struct{ error }

// taken writes down that the service has a batch.
func (r *Runner) taken(b *record, s status) error {
	r.o.Say(fmt.Sprintf("batch %s of %d requests submitted; interrupt at will: the same command collects it", s.ID, len(b.Requests)))
	return r.save(b, func() { b.ID, b.Status, b.Phase = s.ID, s, submitted })
}

// refused ends a batch that the service did not take.
func (r *Runner) refused(b *record, err error) error {
	if dropped := r.forget(b); dropped != nil {
		return errors.Join(err, dropped)
	}
	var f *eval.Failure
	if !errors.As(err, &f) {
		return err
	}
	told := *f
	told.Temporary = false
	told.Message = "the service does not take the batch: " + f.Message
	told.Hint = "does it have batches for this model? without --batch the requests are sent one by one"
	if f.Kind == eval.FailAuth {
		told.Hint = f.Hint
	} else {
		told.Message += " (" + told.Hint + ")"
	}
	return &told
}

// resolve finds out whether a batch was submitted before the program, or the
// connection, died. While that is open nothing is sent again.
func (r *Runner) resolve(j *job) error {
	b := j.rec
	said := false
	for wait := r.o.Poll; !b.Sent.IsZero(); wait = min(wait*3/2, r.o.PollMost) {
		began := time.Now()
		var s status
		var found finding
		err := r.patiently(j.ctx, attempts{what: "look for a batch that may have been submitted"}, func(ctx context.Context) (err error) {
			s, found, err = r.service.find(ctx, b, r.known)
			return err
		})
		if err != nil {
			return r.lost(b, err)
		}
		switch trusted := b.Sent.Add(r.o.Settle); {
		case found == present:
			return r.taken(b, s)
		case found == absent && !began.Before(trusted):
			return r.forget(b)
		case found == absent:
			wait = min(wait, time.Until(trusted)+time.Millisecond)
		case !said:
			said = true
			r.o.Say(fmt.Sprintf("%s of %d requests may be one of the batches that the service has not ended: waiting for these", b.Client, len(b.Requests)))
		}
		if err := pause(j.ctx, jitter(wait)); err != nil {
			return err
		}
	}
	return r.forget(b)
}
