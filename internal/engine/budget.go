package engine

import "github.com/evalr/evalr/eval"

// An ErrorBudget says when so many attempts failed that going on would waste
// time and money. The zero value allows no error after zero attempts; use the
// documented defaults of the command.
type ErrorBudget struct {
	Share float64 // of attempts, in [0, 1]
	After int     // attempts before which the share is not looked at

	attempts, errors int
}

// Count takes an attempt into account.
func (b *ErrorBudget) Count(a eval.Attempt) {
	b.attempts++
	if a.Err != nil {
		b.errors++
	}
}

// Spent says whether the budget is used up while the run is under way.
func (b *ErrorBudget) Spent() bool { return b.attempts >= b.After && b.Exceeded() }

// Exceeded says whether more than the allowed share of attempts failed; at the
// end of a run it holds however few attempts there were.
func (b *ErrorBudget) Exceeded() bool {
	return b.errors > 0 && float64(b.errors) > b.Share*float64(b.attempts)
}

// Errors gives the number of failed attempts so far.
func (b *ErrorBudget) Errors() int { return b.errors }

// Attempts gives the number of attempts so far.
func (b *ErrorBudget) Attempts() int { return b.attempts }
