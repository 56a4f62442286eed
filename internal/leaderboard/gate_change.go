package leaderboard

import (
	"fmt"
	"math"

	"github.com/evalr/evalr/eval"
)

// A Change is a figure that moved between the nights and the run: the share of
// an outcome in [0, 1], or mean output tokens.
type Change struct {
	What     string  `json:"what"` // truncated, no_answer, refused, error or tokens
	Current  float64 `json:"current"`
	Baseline float64 `json:"baseline"`
}

const (
	// movedShare and movedTokens are from where on a change is worth a word: a
	// difference of shares, a part of the tokens.
	movedShare  = 0.02
	movedTokens = 0.10
)

// changes lists what moved, the best explanations of a drop first. They are
// hints for a person; no decision rests on them.
func changes(now *sheet, nights []*sheet) []Change {
	var before Outcomes
	for _, sh := range nights {
		before = before.plus(sh.outcomes)
	}
	var out []Change
	for _, what := range []struct {
		name string
		n    func(Outcomes) int
	}{
		{string(eval.Truncated), func(o Outcomes) int { return o.Truncated }},
		{string(eval.NoAnswer), func(o Outcomes) int { return o.NoAnswer }},
		{string(eval.Refused), func(o Outcomes) int { return o.Refused }},
		{"error", func(o Outcomes) int { return o.Error }},
	} {
		c := Change{what.name, shareOf(what.n(now.outcomes), now.outcomes), shareOf(what.n(before), before)}
		if math.Abs(c.Current-c.Baseline) >= movedShare {
			out = append(out, c)
		}
	}
	c := Change{"tokens", meanTokens(now), meanTokens(nights...)}
	if c.Current > 0 && c.Baseline > 0 && math.Abs(c.Current/c.Baseline-1) >= movedTokens {
		out = append(out, c)
	}
	return out
}

func shareOf(n int, o Outcomes) float64 { return float64(n) / float64(max(1, o.All())) }

// meanTokens is of the trials whose tokens are known; 0 if there are none.
func meanTokens(sheets ...*sheet) float64 {
	total := sum{}
	for _, sh := range sheets {
		for _, l := range sh.lines {
			for _, t := range l.trials {
				if t.tokens >= 0 {
					total.total, total.n = total.total+float64(t.tokens), total.n+1
				}
			}
		}
	}
	if total.n == 0 {
		return 0
	}
	return total.mean()
}

// String says the change and where to look first.
func (c Change) String() string {
	if c.What == "tokens" {
		return fmt.Sprintf("output tokens went from %s to %s an answer", grouped(int64(c.Baseline)), grouped(int64(c.Current)))
	}
	name := map[string]string{"truncated": "truncated answers", "no_answer": "responses without an answer", "refused": "refusals", "error": "failed attempts"}[c.What]
	text := fmt.Sprintf("%s went from %s to %s", name, percent(c.Baseline), percent(c.Current))
	if suspect := suspects[c.What]; suspect != "" && c.Current > c.Baseline {
		text += ": " + suspect
	}
	return text
}

// suspects are what usually makes an outcome more frequent.
var suspects = map[string]string{
	"truncated": "--max-tokens or the server's context length is the first suspect",
	"no_answer": "the chat template and the form of the answer are the first suspects",
	"refused":   "the server's filter and the system message are the first suspects",
	"error":     "the server's log is the first place to look",
}
