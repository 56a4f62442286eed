package flow_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

// limited lets so many requests a minute through, by a bucket that holds the burst,
// to a server that serves any number at once. It tells its limits as OpenAI's
// servers do, if it does.
type limited struct {
	rpm, burst float64
	tpm        float64 // output tokens a minute, 0 for any number
	retryAfter bool
	headers    bool

	endpoint *flow.Endpoint // told the headers
	mu       sync.Mutex
	requests float64
	tokens   float64
	at       time.Time
}

const (
	roundTrip = 50 * time.Millisecond
	speed     = 50.0 // tokens a second of one request
)

// generate takes the time of so many tokens.
func generate(tokens float64) { time.Sleep(time.Duration(tokens / speed * float64(time.Second))) }

func tooMany(after time.Duration) error {
	return &eval.Failure{Kind: eval.FailRateLimit, Status: http.StatusTooManyRequests, Message: "429 Too Many Requests", Temporary: true, RetryAfter: after}
}

func (l *limited) serve(tokens float64) error {
	time.Sleep(roundTrip / 2)
	ok, h := l.take(tokens)
	time.Sleep(roundTrip / 2)
	if !l.headers {
		h = http.Header{}
	}
	if ok {
		l.endpoint.Observe(http.StatusOK, h)
		generate(tokens)
		return nil
	}
	l.endpoint.Observe(http.StatusTooManyRequests, h)
	if l.retryAfter {
		return tooMany(time.Duration(math.Ceil(60/l.rpm)) * time.Second)
	}
	return tooMany(0)
}

func (l *limited) change(rpm float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rpm, l.burst = rpm, rpm
}

func (l *limited) take(tokens float64) (ok bool, h http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.at.IsZero() {
		l.requests, l.tokens = l.burst, l.tpm
	} else {
		l.requests = min(l.burst, l.requests+l.rpm/60*now.Sub(l.at).Seconds())
		l.tokens = min(l.tpm, l.tokens+l.tpm/60*now.Sub(l.at).Seconds())
	}
	l.at = now
	if ok = l.requests >= 1 && (l.tpm == 0 || l.tokens >= min(tokens, l.tpm)); ok {
		l.requests--
		l.tokens -= tokens
	}
	h = http.Header{}
	told := func(of string, limit, size, left float64) {
		h.Set("X-Ratelimit-Limit-"+of, fmt.Sprint(limit))
		h.Set("X-Ratelimit-Remaining-"+of, fmt.Sprint(math.Max(0, math.Floor(left))))
		h.Set("X-Ratelimit-Reset-"+of, time.Duration((size-left)/limit*float64(time.Minute)).String())
	}
	told("Requests", l.rpm, l.burst, l.requests)
	if l.tpm > 0 {
		told("Tokens", l.tpm, l.tpm, l.tokens)
	}
	return ok, h
}

// windowed lets so many requests through in each minute of the clock.
type windowed struct {
	rpm        int
	retryAfter bool

	mu    sync.Mutex
	since time.Time
	used  int
}

func (w *windowed) serve(tokens float64) error {
	time.Sleep(roundTrip / 2)
	ok, left := w.take()
	time.Sleep(roundTrip / 2)
	switch {
	case ok:
		generate(tokens)
		return nil
	case w.retryAfter:
		return tooMany(time.Duration(math.Ceil(left.Seconds())) * time.Second)
	}
	return tooMany(0)
}

func (w *windowed) take() (ok bool, left time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if now.Sub(w.since) >= time.Minute {
		w.since, w.used = now.Truncate(time.Minute), 0
	}
	if ok = w.used < w.rpm; ok {
		w.used++
	}
	return ok, w.since.Add(time.Minute).Sub(now)
}

// full serves so many at once and refuses the others, with 429 or else 503.
type full struct {
	capacity atomic.Int64
	tooMany  bool
	flying   atomic.Int64
}

func newFull(capacity int64, tooMany bool) *full {
	f := &full{tooMany: tooMany}
	f.capacity.Store(capacity)
	return f
}

func (f *full) serve(tokens float64) error {
	time.Sleep(roundTrip)
	defer f.flying.Add(-1)
	if f.flying.Add(1) > f.capacity.Load() {
		if f.tooMany {
			return tooMany(0)
		}
		return &eval.Failure{Kind: eval.FailServer, Status: http.StatusServiceUnavailable, Message: "503 busy", Temporary: true}
	}
	generate(tokens)
	return nil
}

// faulty refuses one in five whatever happens.
type faulty struct {
	status int
	took   time.Duration
	calls  atomic.Uint64
}

func (f *faulty) serve(float64) error {
	time.Sleep(f.took / 2)
	if rand.New(rand.NewPCG(3, f.calls.Add(1))).IntN(5) == 0 {
		if f.status == http.StatusTooManyRequests {
			return tooMany(0)
		}
		return &eval.Failure{Kind: eval.FailServer, Status: f.status, Message: "by chance", Temporary: true}
	}
	time.Sleep(f.took / 2)
	return nil
}
