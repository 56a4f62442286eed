package flow_test

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"sync"
	"time"
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

// newChanging is a queueing server whose capacity changes after a time.
func newChanging(before, after int, at time.Duration) *queueing {
	q := newQueueing(max(before, after), 50)
	for range cap(q.slots) - before {
		q.slots <- struct{}{}
	}
	time.AfterFunc(at, func() {
		for range after - before {
			<-q.slots
		}
		for range before - after {
			go func() { q.slots <- struct{}{} }()
		}
	})
	return q
}
