package money

import (
	"context"
	"fmt"
	"time"

	"github.com/evalr/evalr/eval"
)

// A Hold is what one request has reserved. Exactly one of Pay, Lose and Free
// settles it; later calls do nothing.
type Hold struct {
	purse   *Purse
	tariff  *Tariff
	need    Sum
	bounded bool    // need is the worst case
	joined  float64 // the server's share when the request joined
	settled bool
	cost    *float64
}

// Reserve sets aside the worst case of a request. It waits while only requests in
// flight stand in the way. Its error is ctx's, or wraps eval.ErrSpent. expected is how long the request is
// thought to take, 0 if that is not known; it matters where time is paid. Nobody
// may wait here while holding what others wait for.
func (p *Purse) Reserve(ctx context.Context, t *Tariff, w Worst, expected time.Duration) (*Hold, error) {
	h := &Hold{purse: p, tariff: t, need: t.worst(w), bounded: w.Bounded}
	first := amount(0)
	if s := t.server; s != nil {
		p.mu.Lock()
		first = s.cost(max(expected, time.Second))
		if len(s.inflight) > 0 {
			first = 0
			if left := s.lasts(p); left < expected {
				p.mu.Unlock()
				return nil, fmt.Errorf("%w: the budget of %s pays for %s more of the server, and a request takes about %s",
					eval.ErrSpent, USD(p.caps.USD), left.Round(time.Second), expected.Round(time.Second))
			}
		}
		p.mu.Unlock()
	}
	if err := p.reserve(ctx, h.need.plus(Sum{USD: first})); err != nil {
		return nil, err
	}
	if t.server != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		t.server.join(p, h, first)
		p.serve()
	}
	return h, nil
}

// ReserveAll sets aside the worst cases of requests that are sent together, as a
// batch: all of them or, with an error, none. Whoever reserved them one by one
// could wait for what it holds itself.
func (p *Purse) ReserveAll(ctx context.Context, t *Tariff, all []Worst) ([]*Hold, error) {
	if len(all) == 0 || t.server != nil {
		return nil, fmt.Errorf("reserve for %d requests together: want at least one, of a model that is paid by tokens", len(all))
	}
	holds := make([]*Hold, len(all))
	var sum Sum
	for i, w := range all {
		holds[i] = &Hold{purse: p, tariff: t, need: t.worst(w), bounded: w.Bounded}
		sum = sum.plus(holds[i].need)
	}
	if err := p.reserve(ctx, sum); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holds += len(all) - 1
	return holds, nil
}

// AtOnce is how many requests like this one can be in flight together with what
// is left now. A cap that is small beside the worst case slows a run down.
func (p *Purse) AtOnce(t *Tariff, w Worst) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	left, one := p.limit.less(p.spent).less(p.reserved), t.worst(w)
	n := int64(1 << 30)
	if one.USD > 0 {
		n = min(n, int64(left.USD/one.USD))
	}
	if one.Tokens > 0 {
		n = min(n, left.Tokens/one.Tokens)
	}
	return int(n)
}

// onSpent is told when the request has to be given up, because the time of its
// server can no longer be paid.
func (h *Hold) onSpent(cancel func(error)) {
	s := h.tariff.server
	if s == nil {
		return
	}
	h.purse.mu.Lock()
	defer h.purse.mu.Unlock()
	s.inflight[h] = cancel
	if s.lease <= 0 && s.rate > 0 {
		s.renew(h.purse)
	}
}

// settle gives the reservation back for what was used, and the cost of the
// request where time is paid.
func (h *Hold) settle(used Sum, priced bool) *float64 {
	p := h.purse
	p.mu.Lock()
	defer p.mu.Unlock()
	if h.settled {
		return h.cost
	}
	h.settled = true
	if s := h.tariff.server; s != nil {
		usd := s.leave(p, h).usd()
		h.cost = &usd
	} else if !priced && (h.tariff.Price == nil || !h.bounded) {
		p.unpriced++
	}
	if more := used.less(h.need); h.bounded && more != (Sum{}) {
		p.excess = p.excess.plus(more)
		p.exceeded++
	}
	p.release(h.need, used)
	p.serve()
	return h.cost
}

// never says why a request cannot fit into the caps even when nothing is spent.
func (p *Purse) never(model string, n Sum) error {
	switch {
	case n.USD > p.limit.USD:
		return fmt.Errorf("%s: a single request may cost up to %s, more than the budget of %s: give a larger --budget or a lower --max-tokens",
			model, USD(n.USD.usd()), USD(p.caps.USD))
	case n.Tokens > p.limit.Tokens:
		return fmt.Errorf("%s: a single request may take up to %d tokens, more than all %d: give a larger --max-tokens-total or a lower --max-tokens",
			model, n.Tokens, p.caps.Tokens)
	}
	return nil
}
