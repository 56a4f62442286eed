package money

import (
	_ "embed" // the shipped prices
	"strings"
	"sync"
)

//go:embed prices.yaml
var shipped []byte

// Shipped gives the price rows that evalr brings along, each with its source.
var Shipped = sync.OnceValue(func() []Price {
	rows, err := parsePrices("prices.yaml", shipped)
	if err != nil {
		panic(err) // a test reads the file
	}
	for i := range rows {
		rows[i].From = ""
	}
	return rows
})

// Prices is where prices are looked up.
type Prices struct{ own, shipped []Price }

// NewPrices puts the user's rows over the shipped ones.
func NewPrices(own []Price) *Prices { return &Prices{own: own, shipped: Shipped()} }

// A Model is what a price is looked up for.
type Model struct {
	Kind string // the word before the colon of the model spec
	Name string // as served, without the marks of a run's label
	// Elsewhere says that the model is not asked at the kind's own address, so that
	// the shipped prices of that service say nothing.
	Elsewhere bool
}

// Of gives the price of a model: the user's row before a shipped one, one for
// the kind before one for any, the exact name before a pattern, and of patterns
// the one with the most letters. It is nil if the price is unknown.
func (t *Prices) Of(m Model) *Price {
	if p := best(t.own, m); p != nil || m.Elsewhere {
		return p
	}
	return best(t.shipped, m)
}

func best(rows []Price, m Model) *Price {
	var found *Price
	rank := -1
	for i := range rows {
		p := &rows[i]
		if (p.Kind != "" && p.Kind != m.Kind) || !fits(p.Model, m.Name) {
			continue
		}
		r := len(p.Model) - strings.Count(p.Model, "*") - strings.Count(p.Model, "?")
		if p.Model == m.Name {
			r += 1 << 20
		}
		if p.Kind != "" {
			r += 1 << 21
		}
		if r > rank {
			found, rank = p, r
		}
	}
	return found
}

// fits says whether a name is what a pattern describes: * is any text, also with
// slashes, and ? any one byte.
func fits(pattern, name string) bool {
	star, mark := -1, 0
	p, n := 0, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark, p = p, n, p+1
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p, n = p+1, n+1
		case star >= 0: // let the last star take one more
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
