package money

import (
	"fmt"
	"math"
	"time"

	"github.com/evalr/evalr/eval"
)

// leaseTime is for how long ahead the time of a busy server is reserved.
const leaseTime = 30 * time.Second

// A server is paid for as long as at least one request is in flight. Its price
// is shared among those in flight: the share of a request is the integral of
// price / requests in flight over its life, so that all shares together are what
// the server cost. While it is busy, the time that comes next is reserved by a
// lease that is renewed before it ends; when it cannot be renewed, what is in
// flight is given up. The lock of the Purse guards it.
type server struct {
	rate     float64 // amounts a second
	inflight map[*Hold]func(error)
	share    float64 // of a request that has been in flight all along
	owed     float64 // a fraction of an amount that is not booked yet
	lease    amount  // reserved, and not used yet
	last     time.Time
	timer    *time.Timer
	gen      int // tells a timer of an earlier busy time
}

func (s *server) cost(d time.Duration) amount {
	return amount(math.Ceil(min(s.rate*d.Seconds(), float64(most))))
}

// advance books the time since it was last called.
func (s *server) advance(p *Purse) {
	now := time.Now()
	if n := len(s.inflight); n > 0 {
		cost := s.rate * now.Sub(s.last).Seconds()
		s.share += cost / float64(n)
		booked := math.Floor(s.owed + cost)
		s.owed += cost - booked
		s.book(p, amount(min(booked, float64(most))))
	}
	s.last = now
}

func (s *server) book(p *Purse, a amount) {
	leased := min(a, s.lease)
	s.lease -= leased
	p.reserved.USD -= leased
	p.spent.USD = p.spent.USD.plus(a)
}

// join adds a request, with what was reserved for its first lease. Many that
// came to an idle server at once all reserved one; a single one is enough.
func (s *server) join(p *Purse, h *Hold, first amount) {
	s.advance(p)
	s.lease += first
	if spare := s.lease - max(first, s.cost(leaseTime)); spare > 0 {
		s.lease -= spare
		p.reserved.USD -= spare
	}
	h.joined = s.share
	s.inflight[h] = func(error) {}
	if len(s.inflight) == 1 {
		s.gen++
		s.renew(p)
	}
}

// leave gives the share of a request.
func (s *server) leave(p *Purse, h *Hold) amount {
	s.advance(p)
	delete(s.inflight, h)
	if len(s.inflight) == 0 {
		s.gen++
		if s.timer != nil {
			s.timer.Stop()
		}
		p.reserved.USD -= s.lease
		s.lease = 0
	}
	return amount(s.share - h.joined)
}

// renew makes the lease last for leaseTime where the caps have room for it, and
// sees to it that it is called again in time.
func (s *server) renew(p *Purse) {
	s.advance(p)
	room := p.limit.USD - p.spent.USD - p.reserved.USD
	more := max(min(s.cost(leaseTime)-s.lease, room), 0)
	s.lease += more
	p.reserved.USD += more
	if s.lease <= 0 && s.rate > 0 {
		err := fmt.Errorf("%w: the budget of %s is spent: the time of the server used up the last of it", eval.ErrSpent, USD(p.caps.USD))
		for _, cancel := range s.inflight {
			cancel(err)
		}
		return
	}
	lasts := leaseTime
	if s.rate > 0 {
		lasts = time.Duration(float64(s.lease) / s.rate * float64(time.Second))
	}
	if lasts >= leaseTime/2 { // time enough to try again
		lasts /= 2
	}
	gen := s.gen
	s.timer = time.AfterFunc(max(lasts, time.Microsecond), func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if gen == s.gen {
			s.renew(p)
			p.settleMark()
		}
	})
}

// lasts is how long the server can still be paid, 0 if no time at all.
func (s *server) lasts(p *Purse) time.Duration {
	if s.rate <= 0 {
		return math.MaxInt64
	}
	left := float64(p.limit.USD-p.spent.USD-p.reserved.USD+s.lease) / s.rate
	if left > 1e9 {
		return math.MaxInt64
	}
	return time.Duration(left * float64(time.Second))
}
