package money

import (
	"fmt"
	"strings"
	"time"
)

// A State is how a purse stands at one moment, for people to look at. Amounts are
// in US dollars.
type State struct {
	Caps
	USD            float64 // spent, over all runs of the folder
	Tokens         int64   // used
	Reserved       float64 // for the worst case of what is in flight
	ReservedTokens int64
	InFlight       int
	Waiting        int // until what is in flight gives back what it does not use
	// Assumed is the part of USD that nobody knows to be spent, but that a run that
	// died may have spent; AssumedTokens likewise.
	Assumed       float64
	AssumedTokens int64
	// Unpriced counts requests of this run whose cost is unknown and not in USD.
	Unpriced int
	// Exceeded counts requests of this run that used more than their worst case, by
	// Excess in all: the service did not keep to max_tokens, or the chat template is
	// larger than allowed for. USD holds it all the same.
	Exceeded     int
	Excess       float64
	ExcessTokens int64
	// Left is the time until the deadline; 0 if there is none, or if it has come.
	Left time.Duration
	// UsedUp is when the caps end the run if it goes on at its present pace; zero if
	// there are none, or no pace yet.
	UsedUp time.Time

	before  Sum
	elapsed time.Duration
}

// State tells how the purse stands.
func (p *Purse) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	s := State{
		Caps: p.caps, USD: p.spent.USD.usd(), Tokens: p.spent.Tokens, Reserved: p.reserved.USD.usd(), ReservedTokens: p.reserved.Tokens,
		InFlight: p.holds, Waiting: p.queue.Len(), Assumed: p.assumed.USD.usd(), AssumedTokens: p.assumed.Tokens,
		Unpriced: p.unpriced, Exceeded: p.exceeded, Excess: p.excess.USD.usd(), ExcessTokens: p.excess.Tokens,
		before: p.before, elapsed: now.Sub(p.opened),
	}
	s.UsedUp = p.caps.Deadline
	if !s.UsedUp.IsZero() {
		s.Left = max(s.UsedUp.Sub(now), 0)
	}
	s.sooner(now, p.caps.USD, s.USD, p.before.USD.usd())
	s.sooner(now, float64(p.caps.Tokens), float64(s.Tokens), float64(p.before.Tokens))
	return s
}

// sooner sets UsedUp to when a cap is reached, if that is before it.
func (s *State) sooner(now time.Time, limit, spent, before float64) {
	if limit <= 0 || spent <= before || s.elapsed <= 0 {
		return
	}
	seconds := max(limit-spent, 0) / (spent - before) * s.elapsed.Seconds()
	if seconds > 1e9 {
		return
	}
	if at := now.Add(time.Duration(seconds * float64(time.Second))); s.UsedUp.IsZero() || at.Before(s.UsedUp) {
		s.UsedUp = at
	}
}

// AtEnd is what the run will have cost in US dollars, this program's part
// included, if the attempts to come cost what the finished ones did. ok is false
// before the first.
func (s State) AtEnd(finished, all int) (usd float64, ok bool) {
	if finished <= 0 || all < finished {
		return 0, false
	}
	before := s.before.USD.usd()
	return before + (s.USD-before)*float64(all)/float64(finished), true
}

// String is the state in one line, for the live view.
func (s State) String() string {
	parts := []string{"spent " + USD(s.USD)}
	if s.Caps.USD > 0 {
		parts[0] = fmt.Sprintf("spent %s of %s", USD(s.USD), USD(s.Caps.USD))
	}
	if s.Caps.Tokens > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d tokens", s.Tokens, s.Caps.Tokens))
	}
	if s.Reserved > 0 {
		parts = append(parts, fmt.Sprintf("up to %s in flight", USD(s.Reserved)))
	}
	if s.Waiting > 0 {
		parts = append(parts, fmt.Sprintf("%d wait for money", s.Waiting))
	}
	if !s.Deadline.IsZero() {
		parts = append(parts, fmt.Sprintf("%s to the deadline", s.Left.Round(time.Second)))
	}
	return strings.Join(parts, ", ")
}

// Doubts say what the sum of the state does not tell by itself.
func (s State) Doubts() []string {
	var out []string
	if s.Assumed > 0 || s.AssumedTokens > 0 {
		out = append(out, fmt.Sprintf("%s and %d tokens of what is spent are assumed: a run before this one was killed and may have spent them", USD(s.Assumed), s.AssumedTokens))
	}
	if s.Exceeded > 0 {
		out = append(out, fmt.Sprintf("%d requests took %s and %d tokens more than their worst case: the service does not keep to max_tokens, or its chat template is larger than allowed for",
			s.Exceeded, USD(s.Excess), s.ExcessTokens))
	}
	if s.Unpriced > 0 {
		out = append(out, fmt.Sprintf("the cost of %d requests is unknown and not in the sum: give --prices", s.Unpriced))
	}
	return out
}
