package flow

import (
	"container/list"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
)

// An Endpoint is one server as reached with one key. All its methods may be called
// from many goroutines at once.
type Endpoint struct {
	o Options

	mu      sync.Mutex
	limiter *limiter
	rate    *rate
	breaker breaker
	gate    gate
	busy    ceiling // of 503s
	many    ceiling // of 429s
	models  []*model
	sealed  *eval.Failure // nothing is sent any more, because of this
	count   counts
}

// A model is what the requests through one Wrap share.
type model struct {
	park   park
	sealed *eval.Failure
}

// counts are what State tells of the run so far.
type counts struct {
	requests, answers, retries, refused int
	budgeted                            int // retries that count against Retries.Share
	backing                             int // requests that wait before they are sent again
	until                               time.Time
	last                                *eval.Failure
	lastSign                            signature
	lastRow                             int
}

// New makes an Endpoint. Models that share a server and a key should share it.
func New(o Options) *Endpoint {
	o = o.filled()
	e := &Endpoint{o: o, limiter: newLimiter(o), rate: newRate(o), breaker: breaker{o: o.Breaker}}
	e.gate.queue = list.New()
	now := time.Now()
	e.limiter.begin(now)
	e.rate.apply(now)
	return e
}

// Wrap lets the requests of a Runner through this Endpoint, and sends those again
// that may succeed later. The Runner should send a request once and not retry.
//
// A Response has the Tries and the Cost of all tries together and the Queue time
// of the last; beside a Failure, also the Usage of all. The Cost is unknown if
// that of any try is: who refused it for nothing says 0.
func (e *Endpoint) Wrap(r eval.Runner) eval.Runner {
	m := &model{park: park{o: e.o.Park}}
	e.mu.Lock()
	e.models = append(e.models, m)
	e.mu.Unlock()
	return &runner{e: e, m: m, under: r}
}

// Observe takes what the headers of a response say of the server's limits. It is
// called with every response, as soon as its headers are there.
func (e *Endpoint) Observe(status int, h http.Header) {
	now := time.Now()
	q := readQuotas(h, now)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !q.empty() {
		e.rate.heard(q, now)
		if d := e.rate.emptyUntil.Sub(now); d > e.o.Retries.MostAsked {
			e.gate.shut(e.rate.emptyUntil, "the server says that its limit is used up")
		}
	}
	if status < 500 && e.breaker.down {
		e.revived(now)
	}
	e.dispatch(now)
}

// revived goes on after the server was down.
func (e *Endpoint) revived(now time.Time) {
	if e.breaker.alive() {
		e.limiter.restart(now)
	}
}

// A pass is the permission to send one request, until leave gives it back.
type pass struct {
	epoch  int
	number int
	flying int // requests under way, this one included
	sent   time.Time
	booked amounts
	queued time.Duration // time waited for it
	trial  bool          // the request shows whether the server is back
	sample bool          // the request shows whether the model's error still holds
}

// admit lets a request through. The lock is held.
func (e *Endpoint) admit(m *model, held bool, now time.Time) pass {
	p := pass{epoch: e.limiter.began(now), sent: now}
	p.flying = e.limiter.flying
	p.number, p.booked = e.rate.sent(held, now)
	if e.breaker.down {
		p.trial, e.breaker.probing = true, true
	}
	if m.park.closed {
		p.sample, m.park.probing = true, true
	}
	e.gate.passed(now)
	return p
}

// leave gives a pass back and learns from how the request ended.
func (e *Endpoint) leave(p pass, m *model, r result) {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.limiter.ended(now)
	if p.trial {
		e.breaker.probing = false
	}
	if p.sample {
		m.park.probing = false
	}
	if r.end != answered {
		e.rate.unused(p.booked)
	}
	e.learn(p, m, r, now)
	e.dispatch(now)
}

// learn hands the end of a request to those whom it concerns.
func (e *Endpoint) learn(p pass, m *model, r result, now time.Time) {
	if r.failure != nil {
		e.note(r.failure)
	}
	switch r.end {
	case answered:
		e.count.answers++
		e.count.lastRow = 0
		m.park.worked()
		e.rate.learned.answered(p.sent)
		e.busy.answered(p.flying)
		e.many.answered(p.flying)
		e.rate.used(p.booked, r.needed)
		e.limiter.answered(p.epoch, r.work, now.Sub(p.sent), now)
		e.revived(now)
	case refused:
		e.count.refused++
		e.revived(now)
		e.slowDown(p, r.failure, now)
	case overloaded:
		if e.busy.fits(p.flying) || e.busy.storm() {
			e.limiter.overloaded(p.sent, now)
		}
		e.pause(r.failure.RetryAfter, now)
		e.breaker.overloaded(r.failure, p.sent, now)
	case broken:
		e.breaker.failed(r.failure, now)
	case other:
		e.revived(now)
		e.seal(m, r.failure)
	}
}

// slowDown answers a 429. The first says nothing of the rate that would be borne,
// and later ones nothing of the number in flight, unless all came when more were
// under way than are served.
func (e *Endpoint) slowDown(p pass, f *eval.Failure, now time.Time) {
	first := e.rate.learned.rate == 0
	wait, news := e.rate.learned.refused(mark{p.number, p.sent}, now)
	if f.RetryAfter > 0 {
		wait = f.RetryAfter
	}
	e.pause(wait, now)
	if !news {
		return
	}
	if e.many.fits(p.flying) && !e.limiter.fixed && e.many.sure() {
		e.limiter.overloaded(p.sent, now)
		e.rate.learned.doubt()
	} else if first {
		e.limiter.refused(p.sent, now)
	}
	e.rate.apply(now)
}

// pause sends nothing for a while, or, if that would be too long, refuses all.
func (e *Endpoint) pause(d time.Duration, now time.Time) {
	if d > e.o.Retries.MostAsked {
		e.gate.shut(now.Add(d), "the server asks to be left alone")
		return
	}
	if e.gate.pause(d, int(e.limiter.limit), now) {
		e.rate.buckets[requests].pause(e.gate.opens)
	}
}

// seal ends it for all requests with this key, or to this model: a 401 is of the
// key, a 403 may be of the model, and once the model has answered of the request.
func (e *Endpoint) seal(m *model, f *eval.Failure) {
	if f.Kind != eval.FailAuth {
		return
	}
	told := *f
	told.Message = "not sent, since an earlier request was rejected: " + f.Message
	told.Hint = hintOf(f, "see whether the key is right, still valid, and permitted to use this model")
	switch {
	case f.Status != http.StatusForbidden:
		e.sealed = &told
	case !m.park.answered:
		m.sealed = &told
	}
}

// jitter draws from half to one and a half of d.
func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return d/2 + rand.N(d)
}
