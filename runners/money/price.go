package money

import "github.com/evalr/evalr/eval"

// A Price is a row of a price file: what a model costs, in US dollars for a
// million tokens, or for an hour of the server that runs it. A nil price does
// not stand in the row.
type Price struct {
	// Model is a model's name as served, or a pattern: * is any text, ? any
	// character.
	Model string `json:"model"`
	// Kind is the word before the colon of a model spec; empty means any.
	Kind  string   `json:"kind"`
	Input *float64 `json:"input"`
	// CachedInput is the price of prompt tokens that came from the service's own
	// cache; without it they cost what Input says.
	CachedInput *float64 `json:"cached_input"`
	// CacheWrite is the price of prompt tokens that are put into that cache.
	CacheWrite *float64 `json:"cache_write"`
	// Output is the price of generated tokens, the thought included.
	Output *float64 `json:"output"`
	// Above are the prices of requests with long prompts.
	Above *Above `json:"above"`
	// BatchDiscount is the part of the price that a batch saves, in [0, 1).
	BatchDiscount *float64 `json:"batch_discount"`
	// GPUHour is the price of an hour of the whole server, in US dollars. It
	// stands instead of prices for tokens.
	GPUHour *float64 `json:"gpu_hour"`
	Source  string   `json:"source"`
	Date    string   `json:"date"` // YYYY-MM-DD; empty means that the source tells none
	Note    string   `json:"note"`

	// From is the file and line of the row; empty for a shipped one.
	From string `json:"-"`
}

// Above are the prices of all tokens of a request whose prompt has more than
// Tokens tokens.
type Above struct {
	Tokens      *int     `json:"tokens"`
	Input       *float64 `json:"input"`
	CachedInput *float64 `json:"cached_input"`
	CacheWrite  *float64 `json:"cache_write"`
	Output      *float64 `json:"output"`
}

// Hourly says whether time is paid, and not tokens.
func (p *Price) Hourly() bool { return p != nil && p.GPUHour != nil }

// Cost is what the tokens of a request cost in US dollars. It is nil if it is
// unknown: without a price, or without a count that it needs. A thought is part
// of the output; prompt tokens of which nothing says that they came from a cache
// did not.
func (p *Price) Cost(u eval.Usage) *float64 {
	a, known := p.cost(u)
	if !known {
		return nil
	}
	usd := a.usd()
	return &usd
}

func (p *Price) cost(u eval.Usage) (amount, bool) {
	if p == nil || p.Hourly() || u.Prompt == nil || u.Output == nil {
		return 0, false
	}
	prompt, cached := max(*u.Prompt, 0), 0
	if u.Cached != nil {
		cached = min(max(*u.Cached, 0), prompt)
	}
	r := p.rates(prompt)
	return r.fresh.times(int64(prompt - cached)).plus(r.cached.times(int64(cached))).plus(r.output.times(int64(*u.Output))), true
}

// worst is the most that a request with so many tokens can cost.
func (p *Price) worst(prompt, output int64) amount {
	dearest := func(r rates) amount {
		return max(r.fresh, r.cached).times(prompt).plus(r.output.times(output))
	}
	w := dearest(p.rates(0))
	if p.Above != nil && prompt > int64(*p.Above.Tokens) {
		// The prompt may have fewer tokens than the bound, so either may hold.
		w = max(w, dearest(p.rates(*p.Above.Tokens+1)))
	}
	return w
}

// rates are prices of one token.
type rates struct{ fresh, cached, output amount }

func (p *Price) rates(prompt int) rates {
	if a := p.Above; a != nil && prompt > *a.Tokens {
		return perToken(a.Input, a.CachedInput, a.CacheWrite, a.Output)
	}
	return perToken(p.Input, p.CachedInput, p.CacheWrite, p.Output)
}

func perToken(input, cached, write, output *float64) rates {
	r := rates{fresh: up(*input / 1e6), output: up(*output / 1e6)}
	r.cached = r.fresh
	if cached != nil {
		r.cached = up(*cached / 1e6)
	}
	if write != nil {
		// Usage does not tell what was written to the cache.
		r.fresh = max(r.fresh, up(*write/1e6))
	}
	return r
}

// Batch is the price of requests that are sent as a batch: the full one where no
// discount is known.
func (p *Price) Batch() *Price {
	if p == nil || p.BatchDiscount == nil || p.Hourly() {
		return p
	}
	part := 1 - *p.BatchDiscount
	off := func(x *float64) *float64 {
		if x == nil {
			return nil
		}
		y := *x * part
		return &y
	}
	b := *p
	b.Input, b.CachedInput, b.CacheWrite, b.Output = off(p.Input), off(p.CachedInput), off(p.CacheWrite), off(p.Output)
	if p.Above != nil {
		a := *p.Above
		a.Input, a.CachedInput, a.CacheWrite, a.Output = off(a.Input), off(a.CachedInput), off(a.CacheWrite), off(a.Output)
		b.Above = &a
	}
	return &b
}
