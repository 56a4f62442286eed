package leaderboard

import (
	"fmt"
	"math"

	"github.com/evalr/evalr/eval"
)

// A Change is a figure of the nights and of the run that may explain a drop: the
// share of an outcome in [0, 1], or mean output tokens.
type Change struct {
	What     string  `json:"what"` // truncated, no_answer, refused, error or tokens
	Current  float64 `json:"current"`
	Baseline float64 `json:"baseline"`
	// Moved says that the change is worth a word.
	Moved bool `json:"moved"`
}

const (
	// movedShare and movedTokens are from where on a change is worth a word: a
	// difference of shares, a part of the tokens.
	movedShare  = 0.02
	movedTokens = 0.10
)

// changes lists the figures, the best explanations of a drop first; tokens only
// if they are known. They are hints for a person: no decision rests on them.
func changes(now *sheet, nights []*sheet) []Change {
	var before Outcomes
	for _, sh := range nights {
		before = before.plus(sh.outcomes)
	}
	var out []Change
	share := func(what eval.Outcome, n func(Outcomes) int) {
		c := Change{What: string(what), Current: shareOf(n(now.outcomes), now.outcomes), Baseline: shareOf(n(before), before)}
		c.Moved = math.Abs(c.Current-c.Baseline) >= movedShare
		out = append(out, c)
	}
	share(eval.Truncated, func(o Outcomes) int { return o.Truncated })
	share(eval.NoAnswer, func(o Outcomes) int { return o.NoAnswer })
	share(eval.Refused, func(o Outcomes) int { return o.Refused })
	share("error", func(o Outcomes) int { return o.Error })
	if c := (Change{What: "tokens", Current: meanTokens(now), Baseline: meanTokens(nights...)}); c.Current > 0 && c.Baseline > 0 {
		c.Moved = math.Abs(c.Current/c.Baseline-1) >= movedTokens
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
