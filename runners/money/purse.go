package money

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
)

// Caps are what a whole run may use, over all its models and judges. A zero is
// no cap.
type Caps struct {
	USD      float64 // at most MostUSD
	Tokens   int64   // prompts and outputs together
	Deadline time.Time
}

// Spent is what the recorded attempts of a run are known to have used. It counts
// where no ledger knows more.
type Spent struct {
	USD    float64
	Tokens int64
}

// A Purse holds what a run may still spend. Every request reserves its worst
// case before it is sent and settles what it took, so that the sum never passes
// the caps, whatever is in flight. With a Ledger that holds over a sudden death
// of the program too. It may be used by many at once.
type Purse struct {
	caps   Caps
	limit  Sum
	ledger Ledger
	opened time.Time
	before Sum // spent before this purse was opened

	mu       sync.Mutex
	spent    Sum
	assumed  Sum // of spent
	reserved Sum
	holds    int
	queue    list.List // of *waiter, first come, first served
	excess   Sum
	exceeded int // requests that used more than their worst case
	unpriced int // requests that cost nobody knows how much

	mark   Sum        // what the ledger allows without another entry
	saving bool       // an entry is being written
	idle   *sync.Cond // not saving
	saved  time.Time
	broken error // the ledger cannot be written
}

// A waiter waits for its turn. It holds nothing meanwhile, so that no two of them
// can wait for each other.
type waiter struct {
	need Sum
	turn chan error
}

// NewPurse opens a purse; ledger may be nil. If the run before this one died,
// all that it may have spent counts as spent.
func NewPurse(caps Caps, spent Spent, ledger Ledger) (*Purse, error) {
	if caps.USD < 0 || caps.USD > MostUSD || caps.Tokens < 0 {
		return nil, fmt.Errorf("a budget of %v US dollars and %d tokens: want caps above 0, and at most %d US dollars", caps.USD, caps.Tokens, MostUSD)
	}
	p := &Purse{caps: caps, ledger: ledger, opened: time.Now(), limit: Sum{most, int64(most)}}
	p.idle = sync.NewCond(&p.mu)
	if caps.USD > 0 {
		p.limit.USD = down(caps.USD)
	}
	if caps.Tokens > 0 {
		p.limit.Tokens = min(caps.Tokens, int64(most))
	}
	p.spent = Sum{up(max(spent.USD, 0)), max(spent.Tokens, 0)}
	if ledger != nil {
		e, err := ledger.Load()
		if err != nil {
			return nil, err
		}
		p.assumed = e.Assumed
		was := e.Spent
		if !e.Clean {
			was = larger(e.Spent, e.Mark)
			p.assumed = p.assumed.plus(was.less(e.Spent))
		}
		p.spent = larger(p.spent, was)
	}
	p.before, p.mark = p.spent, p.spent
	return p, nil
}

// Close writes the exact sum, if all requests have ended. It is called once, at
// the end of the run.
func (p *Purse) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.saving {
		p.idle.Wait()
	}
	if p.ledger == nil {
		return nil
	}
	e := Entry{Spent: p.spent, Mark: p.spent, Clean: true, Assumed: p.assumed}
	if p.holds > 0 { // what is in flight counts as if the run had died
		e.Mark, e.Clean = p.spent.plus(p.reserved), false
	}
	if err := p.ledger.Save(e); err != nil {
		return fmt.Errorf("write what the run has spent: %w", err)
	}
	p.mark = e.Mark
	return nil
}

// reserve waits until n fits beside what is in flight. It returns ctx's error,
// or one that wraps eval.ErrSpent when waiting cannot help.
func (p *Purse) reserve(ctx context.Context, n Sum) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.mu.Lock()
	if p.queue.Len() == 0 && p.broken == nil && p.fits(n) && p.marked(n) {
		p.take(n)
		p.mu.Unlock()
		return nil
	}
	w := &waiter{need: n, turn: make(chan error, 1)}
	place := p.queue.PushBack(w)
	p.serve()
	p.mu.Unlock()
	select {
	case err := <-w.turn:
		return err
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case err := <-w.turn: // the turn came at the same time
		if err == nil {
			p.release(n, Sum{})
		}
	default:
		p.queue.Remove(place)
	}
	p.serve()
	return ctx.Err()
}

// fits says whether n can be reserved without passing a cap. The caller holds
// the lock, here and below.
func (p *Purse) fits(n Sum) bool { return p.spent.plus(p.reserved).plus(n).within(p.limit) }

// marked says whether the ledger allows n without another entry.
func (p *Purse) marked(n Sum) bool {
	return p.ledger == nil || p.spent.plus(p.reserved).plus(n).within(p.mark)
}

func (p *Purse) take(n Sum) {
	p.reserved = p.reserved.plus(n)
	p.holds++
}

// release gives a reservation back for what was really used.
func (p *Purse) release(n, used Sum) {
	p.reserved = p.reserved.less(n)
	p.holds--
	p.spent = p.spent.plus(used)
}

// serve lets in those whose turn has come.
func (p *Purse) serve() {
	for place := p.queue.Front(); place != nil; place = p.queue.Front() {
		w := place.Value.(*waiter)
		switch {
		case p.broken != nil:
			w.turn <- p.broken
		case !p.fits(w.need):
			if p.holds > 0 {
				return // what is in flight gives back what it does not use
			}
			w.turn <- p.usedUp(w.need)
		case !p.marked(w.need):
			p.raise(w.need)
			return // the new entry serves again
		default:
			p.take(w.need)
			w.turn <- nil
		}
		p.queue.Remove(place)
	}
	p.settleMark()
}

// usedUp says what does not leave room for n.
func (p *Purse) usedUp(n Sum) error {
	all := p.spent.plus(p.reserved)
	if all.USD.plus(n.USD) > p.limit.USD {
		return fmt.Errorf("%w: of the budget of %s %s are spent, and the next request may cost up to %s",
			eval.ErrSpent, USD(p.caps.USD), USD(all.USD.usd()), USD(n.USD.usd()))
	}
	return fmt.Errorf("%w: of %d tokens %d are used, and the next request may take up to %d",
		eval.ErrSpent, p.caps.Tokens, all.Tokens, n.Tokens)
}
