package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

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

type gradeError struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// A batch of lines is judged at once, and printed in its place; the verdicts
// arrive on the channel. Lines that come one by one are batches of one.
type batch struct {
	lines []numbered
	to    chan []any
}

// A numbered line has a problem where its text could not be kept.
type numbered struct {
	number  int
	text    []byte
	problem string
}

// A batch has at most so many lines, enough to make handing it over cheap, and
// ends with the line that brings it to mostBytes.
const (
	most      = 64
	mostBytes = 256 << 10
)

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
	group, ctx := errgroup.WithContext(ctx)
	order := make(chan batch, 4*o.jobs) // bounds the memory: so many batches are under way at most
	jobs := make(chan batch)
	group.Go(func() error {
		defer close(order)
		defer close(jobs)
		return eachBatch(o.in, func(lines []numbered) error {
			b := batch{lines, make(chan []any, 1)}
			for _, to := range [...]chan batch{order, jobs} {
				select {
				case to <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for range o.jobs {
		group.Go(func() error {
			for b := range jobs {
				verdicts := make([]any, len(b.lines))
				for i, l := range b.lines {
					if verdicts[i] = (gradeError{l.number, l.problem}); l.problem == "" {
						verdicts[i] = gradeOne(ctx, grader, o.explain, l.number, l.text)
					}
				}
				b.to <- verdicts
			}
			return nil
		})
	}
	bad := 0
	group.Go(func() error {
		out := bufio.NewWriterSize(o.out, 1<<16)
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		for b := range order {
			for _, result := range <-b.to {
				if _, failed := result.(gradeError); failed {
					bad++
				}
				if err := encoder.Encode(result); err != nil {
					return err
				}
			}
			if len(order) == 0 { // whoever feeds line by line sees each verdict at once
				if err := out.Flush(); err != nil {
					return err
				}
			}
		}
		return out.Flush()
	})
	if err := group.Wait(); err != nil {
		return usage(fmt.Errorf("grade: %w", err), "")
	}
	if bad > 0 {
		return usage(fmt.Errorf("grade: %d lines could not be judged", bad), "each has its line number and error in the output")
	}
	return nil
}

func gradeOne(ctx context.Context, grader *scoring.Grader, explain bool, number int, text []byte) (result any) {
	defer func() {
		if r := recover(); r != nil {
			result = gradeError{number, fmt.Sprintf("internal: %v", r)}
		}
	}()
	var in gradeLine
	if err := json.Unmarshal(text, &in); err != nil {
		return gradeError{number, "not a JSON object of the expected form: " + err.Error()}
	}
	switch {
	case len(in.Gold) == 0:
		return gradeError{number, `"gold" is missing`}
	case in.Response == nil:
		return gradeError{number, `"response" is missing`}
	case in.ID == nil:
		in.ID = json.RawMessage("null")
	}
	v, err := grader.Grade(ctx, scoring.Item{Gold: in.Gold, Response: *in.Response, Choices: in.Choices, Stop: in.Stop})
	if err != nil {
		return gradeError{number, err.Error()}
	}
	out := gradeVerdict{ID: in.ID, Outcome: v.Outcome, Score: v.Score, Answer: v.Answer, Why: v.Why, Warnings: v.Warnings}
	if explain && v.Answer != "" {
		x := grader.Explain(in.Gold, v.Answer)
		out.Explanation = &x
	}
	return out
}

const maxLine = 64 << 20

// eachBatch calls f with the lines that are not blank, numbered from one, as many
// at once as have come. The texts are f's to keep. f has had all lines before an
// error of reading.
func eachBatch(r io.Reader, f func([]numbered) error) error {
	in := bufio.NewReaderSize(r, 1<<18)
	var lines []numbered
	size := 0
	for n := 1; ; n++ {
		text, long, err := readLine(in)
		if text = bytes.TrimSpace(text); long {
			lines = append(lines, numbered{number: n, problem: fmt.Sprintf("the line is longer than %d MiB", maxLine>>20)})
		} else if len(text) > 0 {
			lines = append(lines, numbered{number: n, text: text})
		}
		size += len(text)
		if len(lines) > 0 && (err != nil || len(lines) == most || size >= mostBytes || !lineWaits(in)) {
			if ferr := f(lines); ferr != nil {
				return ferr
			}
			lines, size = nil, 0
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// lineWaits says whether the next line can be read without waiting for it.
func lineWaits(in *bufio.Reader) bool {
	waiting, _ := in.Peek(in.Buffered())
	return bytes.IndexByte(waiting, '\n') >= 0
}

// readLine reads a line; io.EOF comes with the last. What is long, of more than
// maxLine bytes, is passed over.
func readLine(in *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxLine {
			line, long = line[:0], true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if long {
				line = nil
			}
			return line, long, err
		}
	}
}
