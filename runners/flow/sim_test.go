package flow_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

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
	at    time.Duration
	limit int
	work  float64 // tokens so far
}

const (
	warmUp = 0.25 // of the answers
	tail   = 0.1  // of the answers, when ever fewer are under way
)

// simulate lets workers ask all tasks through an Endpoint, in virtual time.
func simulate(t *testing.T, s setup, o flow.Options) (out run) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		e := flow.New(o)
		srv := s.server()
		if l, ok := srv.(*limited); ok {
			l.endpoint = e
		}
		m := &meter{setup: s, e: e, a: &asked{server: srv, length: s.length, told: !s.untold}, begun: time.Now()}
		out = m.run()
	})
	return out
}

// A meter measures one run of a setup.
type meter struct {
	setup
	e     *flow.Endpoint
	a     *asked
	begun time.Time

	next    atomic.Int64
	mu      sync.Mutex
	done    int
	failed  int
	work    float64
	from    instant
	to      instant
	watched []point
}

// An instant is what had happened until then.
type instant struct {
	at            time.Time
	work          float64
	sent, refused int
}

func (m *meter) now() instant {
	return instant{time.Now(), m.work, int(m.a.sent.Load()), m.e.State().Refused}
}

func (m *meter) run() run {
	var all sync.WaitGroup
	over := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { m.watch(over) })
	r := m.e.Wrap(m.a)
	for range m.workers {
		all.Go(func() {
			for i := m.next.Add(1) - 1; i < int64(m.tasks); i = m.next.Add(1) - 1 {
				_, err := r.Generate(context.Background(), eval.Request{Key: eval.Key{Trial: int(i)}})
				m.finished(int(i), err)
			}
		})
	}
	all.Wait()
	end := m.now()
	close(over)
	watching.Wait()
	return run{
		steady: (m.to.work - m.from.work) / m.to.at.Sub(m.from.at).Seconds(),
		whole:  end.work / end.at.Sub(m.begun).Seconds(),
		share:  float64(end.refused-m.from.refused) / float64(end.sent-m.from.sent),
		failed: m.failed, points: m.watched, state: m.e.State(),
	}
}

func (m *meter) finished(i int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.failed++
	} else {
		m.work += m.a.tokens(i)
	}
	m.done++
	switch m.done {
	case int(warmUp * float64(m.tasks)):
		m.from = m.now()
	case int((1 - tail) * float64(m.tasks)):
		m.to = m.now()
	}
}

// watch notes how it stands, at first often and then at longer steps.
func (m *meter) watch(over chan struct{}) {
	step := time.Millisecond
	for {
		select {
		case <-over:
			return
		case <-time.After(step):
		}
		m.mu.Lock()
		m.watched = append(m.watched, point{time.Since(m.begun), m.e.State().Limit, m.work})
		m.mu.Unlock()
		if len(m.watched)%200 == 0 {
			step *= 2
		}
	}
}

// limits are the least and the most of the limit after a part of the run.
func (r run) limits(after float64) (low, high int) {
	low = 1 << 30
	for _, p := range r.points {
		if p.at.Seconds() >= after*r.points[len(r.points)-1].at.Seconds() {
			low, high = min(low, p.limit), max(high, p.limit)
		}
	}
	return low, high
}

// between is the tokens a second from one time to another.
func (r run) between(from, to time.Duration) float64 {
	var a, b point
	for _, p := range r.points {
		if p.at <= from {
			a = p
		}
		if p.at <= to {
			b = p
		}
	}
	return (b.work - a.work) / (b.at - a.at).Seconds()
}
