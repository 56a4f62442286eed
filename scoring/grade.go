package scoring

import (
	"context"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/cot"
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
	name   string
	bare   bool
}

// NewGrader gives a grader: math, number, choice or exact. With bare the
// response is the answer itself, and nothing is extracted.
func NewGrader(name string, bare bool) (*Grader, error) {
	if name == "program" {
		return nil, fmt.Errorf("programs are judged in a run, not by grade")
	}
	s, err := ByName(name, Tools{})
	return &Grader{scorer: s, name: name, bare: bare}, err
}

// Grade judges an item; the error means that it could not be judged.
func (g *Grader) Grade(ctx context.Context, it Item) (eval.Verdict, error) {
	p := eval.Problem{Answer: it.Gold, Choices: it.Choices}
	r := eval.Response{Raw: it.Response, Stop: it.Stop}
	if !g.bare {
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
		return compareMath(p, found{text: answer, rule: "bare answer"}, mathOptions(Tools{}, p)), nil
	}
	r.Text, r.State = answer, eval.ThoughtNone
	if g.name != "choice" {
		r.Text = `\boxed{` + answer + `}`
	}
	return g.scorer.Score(ctx, p, r)
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
