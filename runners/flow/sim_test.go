package flow_test

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

// A server answers a request of so many output tokens; it blocks in virtual time.
// The error is a Failure.
type server interface {
	serve(tokens float64) error
}

// A lengths draws the tokens of answers.
type lengths func(*rand.Rand) float64

// same is for answers of one length.
func same(tokens float64) lengths { return func(*rand.Rand) float64 { return tokens } }

// thoughts are log-normal, as the lengths of reasoning are: the mean is 1.65 times
// the median, and one in a hundred is ten times as long.
func thoughts(median float64) lengths {
	return func(r *rand.Rand) float64 { return max(1, math.Round(median*math.Exp(r.NormFloat64()))) }
}

// queueing serves so many at once at full speed; the others wait in line.
type queueing struct {
	slots chan struct{}
	speed float64 // tokens a second of one request
}

func newQueueing(capacity int, speed float64) *queueing {
	return &queueing{make(chan struct{}, capacity), speed}
}

func (q *queueing) serve(tokens float64) error {
	q.slots <- struct{}{}
	time.Sleep(time.Duration(tokens / q.speed * float64(time.Second)))
	<-q.slots
	return nil
}

// batching serves all at once, each more slowly the more there are: with n in the
// batch each gets speed/(1+n/half) tokens a second.
type batching struct {
	speed, half float64

	mu    sync.Mutex
	at    time.Time
	each  float64 // tokens that each request in the batch got so far
	batch batch
	timer *time.Timer
}

type member struct {
	until float64
	done  chan struct{}
}

type batch []member

func (b batch) Len() int           { return len(b) }
func (b batch) Less(i, j int) bool { return b[i].until < b[j].until }
func (b batch) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *batch) Push(x any)        { *b = append(*b, x.(member)) }
func (b *batch) Pop() any {
	last := (*b)[len(*b)-1]
	*b = (*b)[:len(*b)-1]
	return last
}

func (s *batching) pace() float64 { return s.speed / (1 + float64(len(s.batch))/s.half) }

// advance brings the batch up to now and sets the timer for the next to finish.
func (s *batching) advance() {
	now := time.Now()
	if !s.at.IsZero() {
		s.each += s.pace() * now.Sub(s.at).Seconds()
	}
	s.at = now
}

func (s *batching) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	for len(s.batch) > 0 && s.batch[0].until <= s.each+1e-6 {
		close(heap.Pop(&s.batch).(member).done)
	}
	s.schedule()
}

func (s *batching) schedule() {
	if len(s.batch) == 0 {
		return
	}
	d := time.Duration(max(0, s.batch[0].until-s.each)/s.pace()*float64(time.Second)) + 1
	if s.timer == nil {
		s.timer = time.AfterFunc(d, s.finish)
		return
	}
	s.timer.Reset(d)
}

func (s *batching) serve(tokens float64) error {
	s.mu.Lock()
	s.advance()
	m := member{s.each + tokens, make(chan struct{})}
	heap.Push(&s.batch, m)
	s.schedule()
	s.mu.Unlock()
	<-m.done
	return nil
}

// limited lets so many requests a minute through, by a bucket that holds the burst,
// to a server that serves any number at once.
type limited struct {
	rpm, burst float64
	speed      float64
	retryAfter bool
	headers    bool

	endpoint *flow.Endpoint // told the headers
	mu       sync.Mutex
	level    float64
	at       time.Time
}

const roundTrip = 50 * time.Millisecond

func (l *limited) serve(tokens float64) error {
	time.Sleep(roundTrip / 2)
	ok, remaining := l.take()
	h := http.Header{}
	status := http.StatusOK
	if l.headers {
		h.Set("X-Ratelimit-Limit-Requests", fmt.Sprint(l.rpm))
		h.Set("X-Ratelimit-Remaining-Requests", fmt.Sprint(math.Floor(remaining)))
		h.Set("X-Ratelimit-Reset-Requests", time.Duration((l.burst-remaining)/l.rpm*float64(time.Minute)).String())
	}
	time.Sleep(roundTrip / 2)
	if !ok {
		status = http.StatusTooManyRequests
	}
	if l.endpoint != nil {
		l.endpoint.Observe(status, h)
	}
	if !ok {
		f := &eval.Failure{Kind: eval.FailRateLimit, Status: status, Message: "429 Too Many Requests", Temporary: true}
		if l.retryAfter {
			f.RetryAfter = time.Duration(math.Ceil(60/l.rpm)) * time.Second
		}
		return f
	}
	time.Sleep(time.Duration(tokens / l.speed * float64(time.Second)))
	return nil
}

func (l *limited) take() (ok bool, remaining float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.at.IsZero() {
		l.level = l.burst
	} else {
		l.level = min(l.burst, l.level+l.rpm/60*now.Sub(l.at).Seconds())
	}
	l.at = now
	if l.level < 1 {
		return false, l.level
	}
	l.level--
	return true, l.level
}

// asked is a Runner over a server, which draws the length of each answer by its
// key, so that each setting is asked the same.
type asked struct {
	server server
	length lengths
	told   bool // whether the server says how many tokens an answer had
	sent   atomic.Int64
}

func (a *asked) Name() string { return "sim" }

func (a *asked) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	a.sent.Add(1)
	tokens := a.tokens(q.Key.Trial)
	if err := a.server.serve(tokens); err != nil {
		return eval.Response{}, err
	}
	n := int(tokens)
	out := eval.Response{}
	if a.told {
		out.Usage.Output = &n
	}
	return out, ctx.Err()
}

func (a *asked) tokens(i int) float64 { return a.length(rand.New(rand.NewPCG(7, uint64(i)))) }

// A setup is a server to be measured and the load on it.
type setup struct {
	name    string
	server  func() server
	length  lengths
	untold  bool // the server does not count tokens
	tasks   int
	workers int
}

// A run is what came of a setup.
type run struct {
	steady float64 // tokens a second between the first and the last tenths
	whole  float64 // tokens a second from the first request to the last answer
	share  float64 // 429s among what was sent after the warm-up
	failed int
	points []point
	state  flow.State
}

// A point is how it stood at a time.
type point struct {
	at       time.Duration
	limit    int
	rate     float64 // tokens a second since the last point
	rpm      float64
	inFlight int
}

const warmUp = 0.25 // of the answers

// simulate lets workers ask all tasks through an Endpoint, in virtual time.
func simulate(t *testing.T, s setup, o flow.Options) (out run) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := flow.New(o)
		srv := s.server()
		if l, ok := srv.(*limited); ok {
			l.endpoint = e
		}
		a := &asked{server: srv, length: s.length, told: !s.untold}
		out = measure(s, e, a)
	})
	return out
}

func measure(s setup, e *flow.Endpoint, a *asked) (out run) {
	r := e.Wrap(a)
	var next, done, failed atomic.Int64
	var mu sync.Mutex
	var work, from, to float64
	var fromAt, toAt time.Time
	var sent0, refused0 int64
	begun := time.Now()
	over := make(chan struct{})
	points := make(chan []point)
	go func() { points <- watch(e, begun, over, func() float64 { mu.Lock(); defer mu.Unlock(); return work }) }()
	var all sync.WaitGroup
	for range s.workers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(s.tasks); i = next.Add(1) - 1 {
				_, err := r.Generate(context.Background(), eval.Request{Key: eval.Key{Trial: int(i)}})
				if err != nil {
					failed.Add(1)
				}
				n := done.Add(1)
				mu.Lock()
				work += a.tokens(int(i))
				if n == int64(warmUp*float64(s.tasks)) {
					from, fromAt = work, time.Now()
					sent0, refused0 = a.sent.Load(), int64(e.State().Refused)
				}
				if n == int64(0.9*float64(s.tasks)) {
					to, toAt = work, time.Now()
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	out.whole = work / time.Since(begun).Seconds()
	out.steady = (to - from) / toAt.Sub(fromAt).Seconds()
	out.state = e.State()
	out.share = float64(int64(out.state.Refused)-refused0) / float64(a.sent.Load()-sent0)
	out.failed = int(failed.Load())
	close(over)
	out.points = <-points
	return out
}

// watch notes how an Endpoint stands, at first often and then at longer steps.
func watch(e *flow.Endpoint, begun time.Time, over chan struct{}, work func() float64) (points []point) {
	step, last, lastAt := time.Millisecond, 0.0, begun
	for {
		select {
		case <-over:
			return points
		case <-time.After(step):
		}
		now, w, s := time.Now(), work(), e.State()
		points = append(points, point{now.Sub(begun), s.Limit, (w - last) / now.Sub(lastAt).Seconds(), s.RPM, s.InFlight})
		last, lastAt = w, now
		if len(points)%200 == 0 {
			step *= 2
		}
	}
}
