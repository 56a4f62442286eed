package scoring

import (
	"context"
	"strings"

	"github.com/evalr/evalr/eval"
)

// Exact judges answers that must be the gold to the letter, but for space
// around and between words.
func Exact(Tools) eval.Scorer {
	return scorerFunc(func(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		if len(p.Answer) == 0 {
			return eval.Verdict{}, errNoGold
		}
		v, decided, cut := unanswered(r)
		if decided {
			return v, nil
		}
		if cut {
			return noAnswer(r.Text, cut), nil
		}
		answers := []found{{text: r.Text, rule: "whole text"}}
		if f, ok := explicit(r.Text, 1); ok {
			answers = append(answers, f)
		}
		last := answers[len(answers)-1]
		v = eval.Verdict{Outcome: eval.Incorrect, Answer: last.text, Canonical: spaced(last.text), Why: last.rule + "; another text"}
		for _, a := range answers {
			for _, gold := range p.Answer {
				if spaced(a.text) == spaced(gold) {
					return eval.Verdict{Outcome: eval.Correct, Score: 1, Answer: a.text, Canonical: spaced(gold), Why: a.rule + "; the same text"}, nil
				}
			}
		}
		return v, nil
	})
}

// spaced gives a text with one space between words.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
