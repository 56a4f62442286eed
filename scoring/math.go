package scoring

import (
	"context"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/mathx"
)

// Math judges mathematical answers: extraction by rule, then equality of exact
// values where the form allows it. A problem's Meta may carry "abs_tolerance",
// the dataset's precision for this problem.
func Math(t Tools) eval.Scorer {
	return scorerFunc(func(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		if len(p.Answer) == 0 || p.Answer[0] == "" {
			return eval.Verdict{}, errNoGold
		}
		v, decided, cut := unanswered(r)
		if decided {
			return v, nil
		}
		f, ok := extract(r.Text, mathx.ListLen(p.Answer[0]))
		if !ok || cut && !f.explicit {
			return noAnswer(r.Text, cut), nil
		}
		return compareMath(p, f, mathOptions(t, p)), nil
	})
}

func mathOptions(t Tools, p eval.Problem) mathx.Options {
	o := mathx.Options{RelTolerance: t.Policy.RelTolerance, AbsTolerance: t.Policy.AbsTolerance}
	if s := p.Meta["abs_tolerance"]; s != "" {
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			o.AbsTolerance = x
		}
	}
	return o
}

// compareMath compares an answer with each acceptable gold.
func compareMath(p eval.Problem, f found, o mathx.Options) eval.Verdict {
	f.text = beforeApproximation(f.text)
	v := eval.Verdict{Outcome: eval.Incorrect, Answer: f.text, Canonical: mathx.Canonical(f.text)}
	for _, gold := range p.Answer {
		result := mathx.Equal(gold, f.text, o)
		v.Why = f.rule + "; " + result.Why
		if result.Outcome == mathx.Same {
			v.Outcome, v.Score, v.Canonical = eval.Correct, 1, mathx.Canonical(gold)
			return v
		}
		if result.Outcome == mathx.Unknown {
			v.Warnings = append(v.Warnings, "could not decide whether the answer equals the gold: counted as incorrect")
		}
	}
	return v
}

// beforeApproximation gives the exact value that an answer goes on to round:
// "2/3 ≈ 0.667" answers 2/3.
func beforeApproximation(s string) string {
	for _, sign := range []string{`\approx`, "≈", `\simeq`} {
		if before, _, ok := strings.Cut(s, sign); ok && strings.ContainsAny(before, "0123456789") && !strings.Contains(before, "_") {
			s = strings.TrimSpace(before)
		}
	}
	return s
}

// Number judges answers that are one number, as in GSM8K: exactly, as rationals.
func Number(Tools) eval.Scorer {
	return scorerFunc(func(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		if len(p.Answer) == 0 {
			return eval.Verdict{}, errNoGold
		}
		v, decided, cut := unanswered(r)
		if decided {
			return v, nil
		}
		f, ok := extract(r.Text, 1)
		if !ok || cut && !f.explicit {
			return noAnswer(r.Text, cut), nil
		}
		value, ok := mathx.ParseRational(f.text)
		if !ok { // "x = 5", "26 letters": the number that the answer holds
			if n, is := lastNumber(lastMember(f.text)); is {
				value, ok = mathx.ParseRational(n.text)
			}
		}
		v = eval.Verdict{Outcome: eval.Incorrect, Answer: f.text, Why: f.rule + "; not a number"}
		if !ok && f.rule == "whole text" { // words, where a number is wanted
			return noAnswer(r.Text, cut), nil
		}
		if !ok {
			return v, nil
		}
		v.Canonical, v.Why = value.RatString(), f.rule+"; another number"
		for _, text := range p.Answer {
			gold, ok := mathx.ParseRational(text)
			if !ok {
				return eval.Verdict{}, &eval.Failure{Kind: eval.FailData, Message: "the gold " + strconv.Quote(text) + " is not a number"}
			}
			if gold.Cmp(value) == 0 {
				v.Outcome, v.Score, v.Why = eval.Correct, 1, f.rule+"; equal numbers"
			}
		}
		return v, nil
	})
}
