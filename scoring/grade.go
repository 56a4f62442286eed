package scoring

import (
	"context"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/cot"
	"github.com/evalr/evalr/scoring/mathx"
)

// An Item is an answer to be judged outside a run.
type Item struct {
	Gold     []string
	Response string
	Choices  []string
	Stop     eval.Stop
}

// A Grader judges Items by one scorer.
type Grader struct {
	scorer eval.Scorer
	tools  Tools
	name   string
	bare   bool
}

// NewGrader gives a grader: math, number, choice or exact, by a policy. With
// bare the response is the answer itself, and nothing is extracted.
func NewGrader(name string, policy eval.Policy, bare bool) (*Grader, error) {
	if name == "program" {
		return nil, fmt.Errorf("programs are judged in a run, not by grade")
	}
	if name == "judge" {
		return nil, fmt.Errorf("models judge answers in a run, not by grade")
	}
	t := Tools{Policy: policy}
	s, err := ByName(name, t)
	return &Grader{scorer: s, tools: t, name: name, bare: bare}, err
}

// Grade judges an item; the error means that it could not be judged. A gold that
// is not understood as mathematics is a warning here.
func (g *Grader) Grade(ctx context.Context, it Item) (eval.Verdict, error) {
	p := eval.Problem{Answer: it.Gold, Choices: it.Choices}
	r := eval.Response{Raw: it.Response, Stop: it.Stop}
	if !g.bare {
		if g.name == "math" {
			return g.tools.math(p, cot.Split(r, ""))
		}
		return g.scorer.Score(ctx, p, cot.Split(r, ""))
	}
	answer := strings.TrimSpace(it.Response)
	if answer == "" || unwrapMath(answer) == "" {
		return eval.Verdict{Outcome: eval.NoAnswer, Why: "the answer is empty"}, nil
	}
	if g.name == "math" {
		if len(p.Answer) == 0 || p.Answer[0] == "" {
			return eval.Verdict{}, errNoGold
		}
		return g.bareMath(p, answer), nil
	}
	r.Text, r.State = answer, eval.ThoughtNone
	if g.name != "choice" {
		r.Text = `\boxed{` + answer + `}`
	}
	return g.scorer.Score(ctx, p, r)
}

// bareMath judges a bare answer. One that is not understood may be a sentence, a
// tag or an object that holds it after all.
func (g *Grader) bareMath(p eval.Problem, answer string) eval.Verdict {
	o := mathOptions(g.tools, p)
	v := compareMath(p.Answer, found{text: answer, rule: "bare answer"}, o)
	if v.Outcome != eval.Incorrect {
		return v
	}
	if f, ok := explicit(answer, mathx.ListLen(p.Answer[0])); ok && f.text != answer {
		if inner := compareMath(p.Answer, found{text: f.text, rule: "bare answer, " + f.rule}, o); inner.Outcome == eval.Correct {
			return inner
		}
	}
	return v
}

// Explain tells how an answer was compared with the gold that decided: the first
// that it equals, else the last.
func (g *Grader) Explain(golds []string, answer string) mathx.Explanation {
	x, same := g.explain(golds, answer)
	if same || !g.bare || len(golds) == 0 {
		return x
	}
	if f, ok := explicit(answer, mathx.ListLen(golds[0])); ok { // as bareMath
		if inner, same := g.explain(golds, f.text); same {
			return inner
		}
	}
	return x
}

func (g *Grader) explain(golds []string, answer string) (x mathx.Explanation, same bool) {
	for _, gold := range golds {
		x = mathx.Explain(gold, beforeApproximation(answer), mathOptions(g.tools, eval.Problem{}))
		if x.Outcome == mathx.Same.String() {
			return x, true
		}
	}
	return x, false
}

// unwrapMath takes delimiters and boxes off an answer.
func unwrapMath(s string) string {
	for range 4 {
		s = unwrapBox(strings.TrimSpace(s))
		before := s
		for _, d := range [][2]string{{"$$", "$$"}, {"$", "$"}, {`\(`, `\)`}, {`\[`, `\]`}} {
			if len(s) >= len(d[0])+len(d[1]) && strings.HasPrefix(s, d[0]) && strings.HasSuffix(s, d[1]) {
				if inner := s[len(d[0]) : len(s)-len(d[1])]; !strings.Contains(inner, d[0]) {
					s = strings.TrimSpace(inner)
				}
			}
		}
		if s == before {
			break
		}
	}
	return s
}
