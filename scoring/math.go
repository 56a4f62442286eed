package scoring

import (
	"context"
	"math/big"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/mathx"
)

// Math judges mathematical answers: extraction by rule, then equality by
// mathx. A problem's Meta may carry "abs_tolerance", the dataset's precision for
// this problem, which a tolerance of the policy replaces. Doubts about the extraction are warnings of the verdict; a gold
// that is not understood is an error.
func Math(t Tools) eval.Scorer {
	return scorerFunc(func(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		v, err := t.math(p, r)
		if err == nil && v.Outcome == eval.Incorrect && warned(v, UnparsedGold) {
			return eval.Verdict{}, &eval.Failure{Kind: eval.FailData, Message: "the gold is not understood as mathematics (" + strings.Join(v.Warnings, "; ") + "); the scorer `exact` compares texts"}
		}
		if err == nil && v.Answer != "" {
			v.Canonical = vote(p.Answer, v)
		}
		return v, err
	})
}

// math is Math without votes, where a gold that is not understood is a warning.
func (t Tools) math(p eval.Problem, r eval.Response) (eval.Verdict, error) {
	if len(p.Answer) == 0 || p.Answer[0] == "" {
		return eval.Verdict{}, errNoGold
	}
	a := audit{gold: p.Answer, response: r, options: mathOptions(t, p)}
	v, decided, cut := unanswered(r)
	if decided {
		return a.unanswered(v), nil
	}
	f, ok := t.find(r.Text, mathx.ListLen(p.Answer[0]))
	if !ok || cut && !f.explicit {
		return a.unanswered(noAnswer(r.Text, cut)), nil
	}
	return a.judged(compareMath(p.Answer, f, a.options), f), nil
}

// find extracts the answer of a final part, by the policy; n as in extract.
func (t Tools) find(text string, n int) (found, bool) {
	if t.Policy.StrictExtraction {
		return explicit(text, n)
	}
	return extract(text, n)
}

func mathOptions(t Tools, p eval.Problem) mathx.Options {
	o := mathx.Options{
		RelTolerance: t.Policy.RelTolerance, AbsTolerance: t.Policy.AbsTolerance, Rounding: t.Policy.Rounding,
		StrictPercent: t.Policy.StrictPercent, StrictUnits: t.Policy.StrictUnits, Ordered: t.Policy.Ordered,
		Synonyms: t.Policy.Synonyms, BareNumerals: t.Policy.BareNumerals,
	}
	if s := p.Meta["abs_tolerance"]; s != "" && o.AbsTolerance == 0 && o.RelTolerance == 0 {
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			o.AbsTolerance = x
		}
	}
	return o
}

// compareMath compares an answer with each acceptable gold.
func compareMath(golds []string, f found, o mathx.Options) eval.Verdict {
	if f.whole != "" {
		if v, err := mathx.Parse(golds[0]); err == nil && v.IsEquation() {
			f.text = f.whole
		}
	}
	f.text = beforeApproximation(f.text)
	v := eval.Verdict{Outcome: eval.Incorrect, Answer: f.text}
	for _, gold := range golds {
		result := mathx.Equal(gold, f.text, o)
		v.Why = f.rule + "; " + result.Why
		switch result.Outcome {
		case mathx.Same:
			v.Outcome, v.Score, v.Warnings = eval.Correct, 1, nil
			return v
		case mathx.Unknown:
			v.Warnings = append(v.Warnings, Undecided+": whether the answer equals the gold; counted as incorrect")
		case mathx.UnparsedGold:
			v.Warnings = append(v.Warnings, UnparsedGold+": "+result.Why)
		case mathx.UnparsedAnswer:
			if result.Why == "empty" { // nothing that can be seen
				return eval.Verdict{Outcome: eval.NoAnswer, Why: f.rule + "; the answer is empty"}
			}
			v.Why = f.rule + "; not understood: " + result.Why
		}
	}
	return v
}

// vote gives the text that equal answers share: all correct ones have the gold's,
// and no other has it.
func vote(golds []string, v eval.Verdict) string {
	gold := mathx.CanonicalLike(golds[0], golds[0])
	if v.Outcome == eval.Correct {
		return gold
	}
	text := mathx.CanonicalLike(v.Answer, golds[0])
	if text == gold { // equal but for what the gold's form decides
		text = "not " + text
	}
	return text
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
func Number(t Tools) eval.Scorer {
	return scorerFunc(func(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		if len(p.Answer) == 0 {
			return eval.Verdict{}, errNoGold
		}
		a := audit{gold: p.Answer, response: r}
		v, decided, cut := unanswered(r)
		if decided {
			return a.unanswered(v), nil
		}
		f, ok := t.find(r.Text, 1)
		if !ok || cut && !f.explicit {
			return a.unanswered(noAnswer(r.Text, cut)), nil
		}
		value, ok := numberOf(f.text)
		if !ok && f.rule == "whole text" { // words, where a number is wanted
			return a.unanswered(noAnswer(r.Text, cut)), nil
		}
		v = eval.Verdict{Outcome: eval.Incorrect, Answer: f.text, Why: f.rule + "; not a number"}
		if ok {
			v.Canonical, v.Why = value.RatString(), f.rule+"; another number"
		}
		for _, text := range p.Answer {
			gold, isNumber := mathx.ParseRational(text)
			if !isNumber {
				return eval.Verdict{}, &eval.Failure{Kind: eval.FailData, Message: "the gold " + strconv.Quote(text) + " is not a number"}
			}
			if ok && gold.Cmp(value) == 0 {
				v.Outcome, v.Score, v.Why = eval.Correct, 1, f.rule+"; equal numbers"
			}
		}
		return a.judged(v, f), nil
	})
}

// numberOf reads an answer as a number: the answer itself, else the number that
// it holds ("x = 5", "26 letters").
func numberOf(text string) (*big.Rat, bool) {
	if value, ok := mathx.ParseRational(text); ok {
		return value, true
	}
	if n, ok := lastNumber(lastMember(text)); ok {
		return mathx.ParseRational(n.text)
	}
	return nil, false
}
