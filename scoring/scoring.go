// Package scoring judges answers: it finds the answer in the final part of a
// response and compares it with the gold, or runs it as a program. It must not
// know files or terminals.
package scoring

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// Tools are what scorers work with.
type Tools struct {
	// Sandbox runs programs; only Program needs it.
	Sandbox sandbox.Sandbox
	// Policy holds the options of judging.
	Policy eval.Policy
	// Cache keeps what reference solutions gave; nil computes it again each run.
	Cache Cache
	// Judge are the models that ByJudge and SecondOpinion ask; others need none.
	Judge Judge
}

// ByName gives a scorer: math, number, choice, exact, program or judge.
func ByName(name string, t Tools) (eval.Scorer, error) {
	switch name {
	case "math":
		return Math(t), nil
	case "number":
		return Number(t), nil
	case "choice":
		return Choice(t), nil
	case "exact":
		return Exact(t), nil
	case "program":
		return Program(t), nil
	case "judge":
		return ByJudge(t)
	}
	return nil, fmt.Errorf("unknown scorer %q: the scorers are math, number, choice, exact, program and judge", name)
}

// PerProblem judges each problem by the scorer that names gives it.
func PerProblem(names map[string]string, t Tools) (eval.Scorer, error) {
	scorers := map[string]eval.Scorer{}
	for _, name := range names {
		s, err := ByName(name, t)
		if err != nil {
			return nil, err
		}
		scorers[name] = s
	}
	return perProblem{names, scorers}, nil
}

type perProblem struct {
	names   map[string]string // by problem
	scorers map[string]eval.Scorer
}

func (s perProblem) Score(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	one := s.scorers[s.names[p.ID]]
	if one == nil {
		return eval.Verdict{}, fmt.Errorf("no scorer is named for problem %s", p.ID)
	}
	return one.Score(ctx, p, r)
}

// Unasked is the scorer of p without the models that it asks.
func (s perProblem) Unasked(p eval.Problem) eval.Scorer {
	one := s.scorers[s.names[p.ID]]
	if one == nil {
		return nil
	}
	return eval.Unasked(one, p)
}

// ByForm judges a problem by what it has: options by Choice, tests by Program,
// everything else by Math.
func ByForm(t Tools) eval.Scorer {
	choice, program, math := Choice(t), Program(t), Math(t)
	return scorerFunc(func(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		switch {
		case p.Tests != nil:
			return program.Score(ctx, p, r)
		case len(p.Choices) > 0:
			return choice.Score(ctx, p, r)
		}
		return math.Score(ctx, p, r)
	})
}

// scorerFunc is a function as a Scorer.
type scorerFunc func(context.Context, eval.Problem, eval.Response) (eval.Verdict, error)

func (f scorerFunc) Score(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	return f(ctx, p, r)
}

// errNoGold says that a problem cannot be judged.
var errNoGold = errors.New("the problem has no gold")

// unanswered gives the verdict on a response in which no answer is to be looked
// for: refused, cut off, or with an empty final part. cut says that the final
// part was cut off after a closed thought: then only an explicit answer counts.
func unanswered(r eval.Response) (v eval.Verdict, decided, cut bool) {
	if r.Stop == eval.StopRefusal {
		return eval.Verdict{Outcome: eval.Refused, Why: "the provider or the model refused"}, true, false
	}
	if r.Stop == eval.StopLength {
		switch {
		case r.State == eval.ThoughtOpen, r.State == eval.ThoughtNone, r.State == "":
			return eval.Verdict{Outcome: eval.Truncated, Why: "cut off with no sign that the thought had ended"}, true, false
		case r.Text == "":
			return eval.Verdict{Outcome: eval.Truncated, Why: "cut off before the final part"}, true, false
		}
		return eval.Verdict{}, false, true
	}
	switch {
	case r.State == eval.ThoughtOpen:
		return eval.Verdict{Outcome: eval.NoAnswer, Why: "the thought was never closed"}, true, false
	case r.Text == "":
		return eval.Verdict{Outcome: eval.NoAnswer, Why: "the final part is empty"}, true, false
	}
	return eval.Verdict{}, false, false
}

// noAnswer is the verdict where the final part holds no answer.
func noAnswer(text string, cut bool) eval.Verdict {
	switch {
	case cut:
		return eval.Verdict{Outcome: eval.Truncated, Why: "cut off before a final answer"}
	case refuses(text):
		return eval.Verdict{Outcome: eval.Refused, Why: "the model refused"}
	}
	return eval.Verdict{Outcome: eval.NoAnswer, Why: "no answer found in the final part"}
}

// refuses says whether a text declines to help, rather than fail to find.
func refuses(text string) bool {
	text = lower(text)
	for _, s := range []string{
		"can't help with", "cannot help with", "can’t help with", "can't assist", "cannot assist", "can’t assist",
		"won't help with", "unable to assist", "not able to help with", "can't comply", "cannot comply",
	} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// unable says whether a sentence says that no answer was found.
func unable(sentence string) bool {
	s := lower(sentence)
	for _, phrase := range []string{
		"cannot determine", "can't determine", "cannot be determined", "could not determine", "unable to", "could not settle",
		"cannot solve", "can't solve", "could not solve", "cannot find", "could not find", "do not know", "don't know",
		"not enough information", "无法", "抱歉", "no puedo", "je ne peux pas", "не могу", "申し訳", "cannot answer", "can't answer", "cannot tell", "can't tell",
	} {
		if strings.Contains(s, phrase) {
			return true
		}
	}
	return false
}

// lower is strings.ToLower for ASCII alone, so that offsets stay what they are.
func lower(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				if 'A' <= b[j] && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
