package batch

import (
	"fmt"
	"time"

	"github.com/evalr/evalr/eval"
)

// A call is a request that somebody waits for. All but done is guarded by the
// runner's lock; rec and err are set before done is closed.
type call struct {
	id      string
	q       eval.Request
	size    int64 // bytes in a batch
	waiters int
	unclear int   // submissions of which nobody knew what became
	trouble error // of the last of them
	job     *job  // that will answer it; nil while it is in the queue
	done    chan struct{}
	rec     *record // that holds the answer
	err     error
}

// join waits for an answer along with whoever asked the same.
func (r *Runner) join(id string, size int64, q eval.Request) *call {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.calls[id]
	if c == nil {
		c = &call{id: id, q: q, size: size, done: make(chan struct{})}
		r.calls[id] = c
		r.place(c)
	}
	c.waiters++
	return c
}

// leave waits no longer, and says whether the request may have been sent. A
// request for which nobody waits is not submitted.
func (r *Runner) leave(c *call) (sent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.waiters--
	all := r.holding[c.id]
	sent = len(all) > 0 && !all[len(all)-1].Sent.IsZero()
	if c.waiters > 0 || r.calls[c.id] != c {
		return sent
	}
	delete(r.calls, c.id)
	if c.job == nil {
		return sent // the queue passes over it
	}
	delete(c.job.calls, c.id)
	if len(c.job.calls) == 0 {
		c.job.cancel()
	}
	return sent
}

// place finds out where the answer of a call is to come from: a batch that was
// answered, one that is under way, or a new one. The caller holds the lock, here
// and below.
func (r *Runner) place(c *call) {
	c.job = nil
	all := r.holding[c.id]
	if len(all) == 0 {
		r.enqueue(c)
		return
	}
	last := all[len(all)-1]
	if last.index == nil {
		r.attend(c, last)
		return
	}
	if _, there := last.index[c.id]; !there && len(all) <= r.o.Again {
		r.enqueue(c)
		return
	}
	r.settle(c, last, nil)
}

// settle ends the waiting for a call.
func (r *Runner) settle(c *call, rec *record, err error) {
	c.rec, c.err, c.job = rec, err, nil
	if r.calls[c.id] == c {
		delete(r.calls, c.id)
	}
	close(c.done)
}

// enqueue puts a call into the next batch, which is handed in when it is full or
// no more arrives.
func (r *Runner) enqueue(c *call) {
	if err := r.ctx.Err(); err != nil {
		r.settle(c, nil, err)
		return
	}
	if c.unclear > unclears {
		r.settle(c, nil, c.trouble)
		return
	}
	if r.queued+c.size > r.o.MaxBytes-envelope {
		r.flush()
	}
	if len(r.queue) == 0 {
		r.first = time.Now()
	}
	r.queue = append(r.queue, c)
	r.queued += c.size
	if len(r.queue) >= r.o.MaxRequests {
		r.flush()
		return
	}
	wait := min(r.o.Quiet, time.Until(r.first.Add(r.o.Longest)))
	if r.timer != nil {
		r.timer.Stop()
	}
	r.timer = time.AfterFunc(wait, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.flush()
	})
}

// flush makes a batch of what waits in the queue.
func (r *Runner) flush() {
	waiting := r.queue
	r.queue, r.queued = nil, 0
	rec := newRecord(r.Name(), r.service.base(), r.endpoint)
	var chosen []*call
	for _, c := range waiting {
		if r.calls[c.id] == c && c.job == nil { // somebody waits for it
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 || r.ctx.Err() != nil {
		return
	}
	for _, c := range chosen {
		rec.Requests[c.id] = c.q.Key.String()
		r.holding[c.id] = append(r.holding[c.id], rec)
	}
	r.records[rec.Client] = rec
	r.start(rec, true, chosen)
}

// attend lets a call wait for a batch that was handed in before.
func (r *Runner) attend(c *call, rec *record) {
	if err := r.ctx.Err(); err != nil {
		r.settle(c, nil, err)
		return
	}
	if j := r.jobs[rec.Client]; j != nil {
		j.calls[c.id], c.job = c, j
		return
	}
	r.start(rec, false, []*call{c})
}

// forget drops a batch of which is known that the service never took it.
func (r *Runner) forget(rec *record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range rec.Requests {
		r.unhold(id, rec)
	}
	delete(r.records, rec.Client)
	rec.Phase = gone
	if err := rec.remove(r.o.Dir); err != nil {
		return fmt.Errorf("drop a batch that was never submitted: %w", err)
	}
	return nil
}

func (r *Runner) unhold(id string, rec *record) {
	all := r.holding[id]
	for i, held := range all {
		if held == rec {
			all = append(all[:i:i], all[i+1:]...)
			break
		}
	}
	if r.holding[id] = all; len(all) == 0 {
		delete(r.holding, id)
	}
}
