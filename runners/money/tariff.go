package money

import "github.com/evalr/evalr/eval"

// A Tariff is a price at work. A server that is paid by the hour is shared by all
// that ask it, so all runners of one server get the same Tariff, and one Purse.
type Tariff struct {
	Price  *Price // nil means unknown
	server *server
}

// NewTariff makes a Tariff of a price; nil means that it is unknown.
func NewTariff(p *Price) *Tariff {
	t := &Tariff{Price: p}
	if p.Hourly() {
		t.server = &server{rate: *p.GPUHour * float64(dollar) / 3600, inflight: map[*Hold]func(error){}}
	}
	return t
}

// check says why a request cannot be sent under the caps, now or later.
func (p *Purse) check(model string, t *Tariff, w Worst) error {
	if p.caps.USD > 0 {
		switch {
		case t.Price == nil:
			return errUnpriced(model)
		case !t.Price.Hourly() && !w.Bounded && *t.Price.Output > 0:
			return errUnbounded(model)
		}
	}
	if p.caps.Tokens > 0 && !w.Bounded {
		return errUnbounded(model)
	}
	return p.never(model, t.worst(w))
}

// worst is what a request reserves. Time is reserved by its server.
func (t *Tariff) worst(w Worst) Sum {
	s := Sum{Tokens: min(w.Tokens(), int64(most))}
	if t.Price != nil && !t.Price.Hourly() {
		s.USD = t.Price.worst(w.Prompt, w.Output)
	}
	return s
}

// Pay settles a request that was answered: by its usage, or by its worst case
// where usage is not known or only estimated. It gives what the request cost, nil
// if that is unknown.
func (h *Hold) Pay(u eval.Usage) *float64 {
	cost, priced := h.tariff.Price.cost(u)
	used := h.need
	if u.Prompt != nil && u.Output != nil {
		counted := Sum{USD: cost, Tokens: int64(max(*u.Prompt, 0)) + int64(max(*u.Output, 0))}
		if used = larger(h.need, counted); !u.Estimated {
			used = counted
		}
	}
	share := h.settle(used, priced)
	if !priced {
		return share
	}
	usd := cost.usd()
	return &usd
}

// Lose settles a request that may have been billed, nobody knows how much: its
// worst case counts. It gives the cost where time is paid, else nil.
func (h *Hold) Lose() *float64 { return h.settle(h.need, false) }

// Free settles a request that was not billed: it was refused, or never sent.
// Where time is paid, it took its share all the same.
func (h *Hold) Free() *float64 {
	if h.tariff.Price == nil {
		h.settle(Sum{}, true)
		return new(float64)
	}
	if share := h.settle(Sum{}, true); share != nil {
		return share
	}
	return new(float64)
}
