package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
	"github.com/evalr/evalr/scoring/mathx"
)

type gradeOptions struct {
	streams
	as         string
	answerOnly bool
	explain    bool
	policy     []string
	jobs       int
}

func newGrade(s streams) *cobra.Command {
	o := gradeOptions{streams: s}
	c := &cobra.Command{
		Use:   "grade --as math|number|choice|exact",
		Short: "Judge answers from standard input, one JSON object a line",
		Long: `Judge answers from standard input, one JSON object a line:
  {"id": …, "gold": "…" or ["…", …], "response": "…", "choices": […]?, "stop": "stop|length"?}
and print a verdict for each, in the same order:
  {"id": …, "outcome": "correct|incorrect|no_answer|truncated|refused", "score": 0..1, "answer": "…", "why": "…"}
Several golds are alternatives: an answer equal to any of them is correct.
Warnings name doubts: boxes of different values, a gold that stands elsewhere in
the response, an answer in the thought alone. Nothing is taken from a thought.
A bad line gives {"line": N, "error": "…"}; the rest goes on, and the exit code is 2.`,
		Example: examples(
			`echo '{"id":1,"gold":"\\frac12","response":"So it is \\boxed{0.5}."}' | evalr grade --as math`, "a whole response: the answer is extracted first",
			`echo '{"id":1,"gold":"1/2","response":"0.5"}' | evalr grade --as math --answer-only`, "a bare answer",
			"evalr grade --as math --policy rel_tolerance=0.001 --policy strict_extraction < answers.jsonl", "other policies than the default (docs/judging-mathematics.md)",
			"evalr grade --as choice < answers.jsonl > verdicts.jsonl", "a file of multiple-choice responses",
		),
		Args: exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return runGrade(c.Context(), o) },
	}
	c.Flags().StringVar(&o.as, "as", "", "math, number, choice or exact")
	c.Flags().BoolVar(&o.answerOnly, "answer-only", false, "the response is the bare answer")
	c.Flags().BoolVar(&o.explain, "explain", false, "say how gold and answer were read (--as math)")
	policyFlag(c, &o.policy)
	c.Flags().IntVar(&o.jobs, "jobs", runtime.NumCPU(), "lines judged at once")
	_ = c.MarkFlagRequired("as")
	_ = c.RegisterFlagCompletionFunc("as", cobra.FixedCompletions([]string{"math", "number", "choice", "exact"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// gradeLine is a line of input.
type gradeLine struct {
	ID       json.RawMessage `json:"id"`
	Gold     golds           `json:"gold"`
	Response *string         `json:"response"`
	Choices  []string        `json:"choices"`
	Stop     eval.Stop       `json:"stop"`
}

// golds is one gold or a list of alternatives.
type golds []string

func (g *golds) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(g))
	}
	var one string
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*g = golds{one}
	return nil
}

// gradeVerdict is a line of output.
type gradeVerdict struct {
	ID       json.RawMessage `json:"id"`
	Outcome  eval.Outcome    `json:"outcome"`
	Score    float64         `json:"score"`
	Answer   string          `json:"answer"`
	Why      string          `json:"why"`
	Warnings []string        `json:"warnings,omitempty"`
	// Explanation is of the gold that decided: the equal one, else the last.
	Explanation *mathx.Explanation `json:"explanation,omitempty"`
}

func runGrade(ctx context.Context, o gradeOptions) error {
	var policy eval.Policy
	if err := parsePolicy(&policy, o.policy); err != nil {
		return err
	}
	grader, err := scoring.NewGrader(o.as, policy, o.answerOnly)
	if err != nil {
		return usage(err, "--as takes math, number, choice or exact")
	}
	if o.explain && o.as != "math" {
		return usage(errors.New("grade: --explain tells how mathematics was read"), "it goes with --as math")
	}
	if o.jobs < 1 {
		return usage(fmt.Errorf("grade: --jobs %d: at least 1 is needed", o.jobs), "")
	}
	bad := 0
	out := newLines(o.out)
	err = pipeline{
		jobs: o.jobs, atOnce: most, ahead: 4 * o.jobs, flush: out.flush,
		do: func(ctx context.Context, l numbered) any { return gradeOne(ctx, grader, o.explain, l) },
	}.run(ctx, o.in, func(verdict any) error {
		if _, failed := verdict.(lineError); failed {
			bad++
		}
		return out.write(verdict)
	})
	if err != nil {
		return usage(fmt.Errorf("grade: %w", err), "")
	}
	if bad > 0 {
		return usage(fmt.Errorf("grade: %d lines could not be judged", bad), "each has its line number and error in the output")
	}
	return nil
}

func gradeOne(ctx context.Context, grader *scoring.Grader, explain bool, l numbered) (result any) {
	defer func() {
		if r := recover(); r != nil {
			result = l.bad(fmt.Sprintf("internal: %v", r))
		}
	}()
	var in gradeLine
	if err := l.read(&in, nil); err != nil {
		return l.bad(err.Error())
	}
	switch {
	case len(in.Gold) == 0:
		return l.bad(`"gold" is missing`)
	case in.Response == nil:
		return l.bad(`"response" is missing`)
	case in.ID == nil:
		in.ID = json.RawMessage("null")
	}
	v, err := grader.Grade(ctx, scoring.Item{Gold: in.Gold, Response: *in.Response, Choices: in.Choices, Stop: in.Stop})
	if err != nil {
		return l.bad(err.Error())
	}
	out := gradeVerdict{ID: in.ID, Outcome: v.Outcome, Score: v.Score, Answer: v.Answer, Why: v.Why, Warnings: v.Warnings}
	if explain && v.Answer != "" {
		x := grader.Explain(in.Gold, v.Answer)
		out.Explanation = &x
	}
	return out
}
