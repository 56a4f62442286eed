package engine

import (
	"slices"

	"github.com/evalr/evalr/eval"
)

// An ErrorBudget says when so many attempts of a model failed that going on with
// it would waste time and money. Models are counted apart, so that one that is
// down does not end the work of the others. The zero value allows no error after
// zero attempts; use the documented defaults of the command.
type ErrorBudget struct {
	Share float64 // of a model's attempts, in [0, 1]
	After int     // attempts of a model before which the share is not looked at

	models map[string]*tally
}

// A tally counts the attempts of a model.
type tally struct{ attempts, errors int }

// over says whether more than a share failed.
func (t *tally) over(share float64) bool {
	return t.errors > 0 && float64(t.errors) > share*float64(t.attempts)
}

// Count takes an attempt into account, and says whether the budget of its model is
// used up.
func (b *ErrorBudget) Count(a eval.Attempt) (spent bool) {
	if b.models == nil {
		b.models = map[string]*tally{}
	}
	t := b.models[a.Key.Model]
	if t == nil {
		t = &tally{}
		b.models[a.Key.Model] = t
	}
	t.attempts++
	if a.Err != nil {
		t.errors++
	}
	return t.attempts >= b.After && t.over(b.Share)
}

// Exceeded lists the models of which more than the allowed share of attempts
// failed; at the end of a run that counts however few attempts there were.
func (b *ErrorBudget) Exceeded() []string {
	var out []string
	for name, t := range b.models {
		if t.over(b.Share) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Of gives the attempts of a model so far, and how many of them failed.
func (b *ErrorBudget) Of(model string) (attempts, errors int) {
	if t := b.models[model]; t != nil {
		return t.attempts, t.errors
	}
	return 0, 0
}
