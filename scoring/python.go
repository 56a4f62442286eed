package scoring

import (
	"context"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/mathx"
)

// PythonValue judges an answer that is a Python expression: right if it equals
// the gold, itself a Python literal, as Python's == has it. Literals are
// compared here; anything else is evaluated in the sandbox first.
func PythonValue(t Tools) eval.Scorer {
	return scorerFunc(func(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		gold, err := goldLiteral(ctx, t, p)
		if err != nil {
			return eval.Verdict{}, err
		}
		v, decided, cut := unanswered(r)
		if decided {
			return v, nil
		}
		expression, rule := expressionOf(r.Text)
		if expression == "" || cut && rule == "whole text" {
			return noAnswer(r.Text, cut), nil
		}
		return judgeValue(ctx, t, expression, rule, func(got pyValue) (bool, error) { return pyEqual(gold, got), nil })
	})
}

// PythonInput judges an answer that is the arguments of a function: right if the
// function, the entry of Tests.Calls.Reference, then returns the gold. The
// answer is evaluated apart from the function, and only plain values cross.
func PythonInput(t Tools) eval.Scorer {
	return scorerFunc(func(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		if p.Tests == nil || p.Tests.Calls == nil {
			return eval.Verdict{}, &eval.Failure{Kind: eval.FailData, Message: "the problem has no function"}
		}
		gold, err := goldLiteral(ctx, t, p)
		if err != nil {
			return eval.Verdict{}, err
		}
		v, decided, cut := unanswered(r)
		if decided {
			return v, nil
		}
		arguments, rule := expressionOf(r.Text)
		arguments = callArguments(arguments, p.Tests.Entry)
		if arguments == "" || cut && rule == "whole text" {
			return noAnswer(r.Text, cut), nil
		}
		s := &programs{box: t.Sandbox, cpu: programCPU}
		// A trailing comma makes one argument a tuple of one, as in a call.
		return judgeValue(ctx, t, "("+arguments+",)", rule, func(args pyValue) (bool, error) {
			tests := *p.Tests
			tests.Calls = &eval.Calls{Args: "[" + args.source() + "]"}
			got, _, err := s.call(ctx, &tests, p.Tests.Calls.Reference, callSeconds, limits(s.cpu))
			if err != nil || len(got) == 0 || got[0].kind != callValue {
				return false, err
			}
			value, err := pythonValue(got[0].value)
			return err == nil && pyEqual(gold, value), nil
		})
	})
}

func goldLiteral(ctx context.Context, t Tools, p eval.Problem) (pyValue, error) {
	if len(p.Answer) == 0 {
		return pyValue{}, errNoGold
	}
	gold, ok, err := evaluate(ctx, t.Sandbox, p.Answer[0])
	if err == nil && !ok {
		err = &eval.Failure{Kind: eval.FailData, Message: fmt.Sprintf("the gold %s is no plain value of Python", clip(p.Answer[0], 80))}
	}
	return gold, err
}

func judgeValue(ctx context.Context, t Tools, expression, rule string, right func(pyValue) (bool, error)) (eval.Verdict, error) {
	v := eval.Verdict{Outcome: eval.Incorrect, Answer: expression, Canonical: spaced(expression), Why: rule + "; not a plain value"}
	got, ok, err := evaluate(ctx, t.Sandbox, expression)
	if err != nil || !ok {
		return v, err
	}
	v.Canonical, v.Why = got.source(), rule+"; another value"
	is, err := right(got)
	if is {
		v.Outcome, v.Score, v.Why = eval.Correct, 1, rule+"; equal values"
	}
	return v, err
}

// expressionOf finds the expression: between [ANSWER] tags, behind "==" of an
// assertion, in a fence, behind a label, else the whole text.
func expressionOf(text string) (expression, rule string) {
	if i := strings.LastIndex(text, "[ANSWER]"); i >= 0 {
		text, _, _ = strings.Cut(text[i+len("[ANSWER]"):], "[/ANSWER]")
		return afterEquals(strings.TrimSpace(text)), "answer tag"
	}
	if f, ok := fromTags(text, 1); ok {
		i := strings.LastIndex(lower(text), "<answer>") + len("<answer>")
		inner, _, _ := strings.Cut(text[i:], "</answer>")
		return afterEquals(strings.TrimSpace(inner)), f.rule
	}
	if blocks := fences(text); len(blocks) > 0 {
		return afterEquals(strings.TrimSpace(blocks[len(blocks)-1].code)), "fenced block"
	}
	trimmed := strings.TrimSpace(text)
	if strings.HasPrefix(trimmed, "assert ") {
		return afterEquals(firstLine(trimmed)), "assertion"
	}
	if strings.Contains(trimmed, "\n") || !pythonic(trimmed) {
		low := lower(trimmed)
		for _, label := range []string{"final answer:", "answer:", "output:", "answer is", "result is"} {
			if i := strings.LastIndex(low, label); i >= 0 {
				return strings.Trim(firstLine(strings.TrimLeft(trimmed[i+len(label):], " *\n")), " *`."), "answer label"
			}
		}
		if box, ok := LastBoxed(trimmed); ok {
			return box, "boxed"
		}
	}
	return trimmed, "whole text"
}

// pythonic says whether a text begins like a value rather than a sentence.
func pythonic(s string) bool {
	if s == "" {
		return false
	}
	return strings.ContainsRune("[({'\"-+.0123456789", rune(s[0])) || !strings.Contains(s, " ")
}

// afterEquals gives what an assertion compares with.
func afterEquals(s string) string {
	if !strings.HasPrefix(s, "assert ") && !strings.HasPrefix(s, "f(") {
		return s
	}
	if i := strings.LastIndex(s, "=="); i >= 0 {
		return strings.TrimSpace(s[i+2:])
	}
	return s
}

// callArguments gives the arguments of a call of the entry, or the text itself.
func callArguments(s, entry string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "assert ")
	rest, ok := strings.CutPrefix(s, entry+"(")
	if !ok {
		return strings.TrimSpace(s)
	}
	rest = "(" + rest
	groups := mathx.Groups{Text: rest}
	end, ok := groups.End(0)
	if !ok {
		return ""
	}
	return strings.TrimSpace(rest[1 : end-1])
}
