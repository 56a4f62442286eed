package money

import (
	"fmt"
	"time"

	"github.com/evalr/evalr/eval"
)

// An entry is written before what is spent and reserved passes the mark of the
// last one. After a death all up to the mark counts as spent, so a step must be
// small; each costs an fsync, so there must be few.
const (
	// stepsOfCap is how many entries lead from nothing to the cap, at most, where
	// requests are smaller than a step.
	stepsOfCap = 100
	// lowerAfter is how often the mark may be taken back after many reservations
	// were far above what was used.
	lowerAfter = 10 * time.Second
)

// raise begins to write an entry that has room for n.
func (p *Purse) raise(n Sum) {
	if p.saving {
		return
	}
	need := p.spent.plus(p.reserved).plus(n)
	mark := larger(smaller(need.plus(p.step(n)), p.limit), need)
	p.write(mark, func(err error) {
		if err != nil {
			p.broken = fmt.Errorf("%w: the ledger that keeps the cap cannot be written: %w", eval.ErrSpent, err)
			return
		}
		p.mark = mark
	})
}

// step is how much further than needed a mark goes.
func (p *Purse) step(n Sum) Sum {
	all := p.spent.plus(p.reserved)
	s := Sum{max(all.USD/20, n.USD.times(8)), max(all.Tokens/20, amountOf(n.Tokens, 8))}
	if p.caps.USD > 0 {
		s.USD = p.limit.USD / stepsOfCap
	}
	if p.caps.Tokens > 0 {
		s.Tokens = p.limit.Tokens / stepsOfCap
	}
	return s
}

func amountOf(n, times int64) int64 { return int64(amount(n).times(times)) }

// settleMark keeps the mark near what is spent and reserved: above it always,
// and not far above for long.
func (p *Purse) settleMark() {
	if p.ledger == nil || p.saving || p.broken != nil {
		return
	}
	now := p.spent.plus(p.reserved)
	if !now.within(p.mark) { // a request used more than its worst case
		p.raise(Sum{})
		return
	}
	step := p.step(Sum{})
	lower := smaller(now.plus(step), p.mark)
	if p.mark.less(lower).within(Sum{4 * step.USD, 4 * step.Tokens}) || time.Since(p.saved) < lowerAfter {
		return
	}
	// The lower mark holds from now on; if it cannot be written, the disk holds
	// the higher one, which is safe.
	p.mark = lower
	p.write(lower, func(error) {})
}

// write saves an entry without holding the lock, tells done with it, and lets
// those in who waited for it.
func (p *Purse) write(mark Sum, done func(error)) {
	p.saving = true
	e := Entry{Spent: p.spent, Mark: mark, Assumed: p.assumed}
	go func() {
		err := p.ledger.Save(e)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.saving, p.saved = false, time.Now()
		done(err)
		p.serve()
		p.idle.Broadcast()
	}()
}
