package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring/cot"
)

type showOptions struct {
	streams
	benchmark, problem, model, outcome string
	trial, limit                       int
	raw                                bool
}

func newShow(s streams) *cobra.Command {
	o := showOptions{streams: s}
	c := &cobra.Command{
		Use:   "show RUN",
		Short: "Look at single attempts: question, thought, answer, verdict",
		Long: `Look at single attempts of a run. When the flags leave one attempt, it is shown
whole: question, thought, answer, gold, verdict, why, and the measures of the
thought (docs/chain-of-thought.md). When they leave several, they are listed.

In the thought and the answer, wrong arithmetic is marked with the right value
beside it, a loop at the end is folded, and the first correct answer is flagged.`,
		Example: examples(
			"evalr show RUN --outcome incorrect", "what went wrong",
			"evalr show RUN --benchmark gsm8k --problem 17", "one attempt whole",
			"evalr show RUN --benchmark gsm8k --problem 17 --raw", "the model's words alone, without marks",
			"evalr show RUN --benchmark aime24 --problem 60 --trial 3 --model deepseek-reasoner", "one of many trials",
		),
		Args: exactly(1, "the run folder"),
		RunE: func(c *cobra.Command, args []string) error { return runShow(c.Context(), o, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.benchmark, "benchmark", "", "only this benchmark")
	f.StringVar(&o.problem, "problem", "", "only this problem")
	f.StringVar(&o.model, "model", "", "only this model")
	f.IntVar(&o.trial, "trial", -1, "only this trial, counted from 0")
	f.StringVar(&o.outcome, "outcome", "", "only this outcome: correct, incorrect, no_answer, truncated, refused, error")
	f.IntVar(&o.limit, "limit", 40, "attempts listed at most; 0 lists all")
	f.BoolVar(&o.raw, "raw", false, "no marks in the model's words, and no folding")
	return c
}

func runShow(ctx context.Context, o showOptions, dir string) error {
	if o.outcome != "" && o.outcome != "error" && !slices.Contains(eval.Outcomes, eval.Outcome(o.outcome)) {
		return usage(fmt.Errorf("show: unknown outcome %q", o.outcome), "the outcomes are correct, incorrect, no_answer, truncated, refused and error")
	}
	run, err := store.Open(dir)
	if err != nil {
		return usage(fmt.Errorf("show: %w", err), "`evalr list runs` names the runs")
	}
	problems, err := run.Problems()
	if err != nil {
		return usage(fmt.Errorf("show %s: read the problems: %w", dir, err), "")
	}
	byID := map[[2]string]eval.Problem{}
	for benchmark, list := range problems {
		for _, p := range list {
			byID[[2]string{benchmark, p.ID}] = p
		}
	}
	var found []eval.Attempt
	for a, err := range run.Attempts() {
		if err != nil {
			return usage(fmt.Errorf("show %s: %w", dir, err), "")
		}
		if o.wants(a) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, byKey)
	switch len(found) {
	case 0:
		return usage(errors.New("show: no attempt of this run is so"), "without flags, `evalr show RUN` lists them all")
	case 1:
		a, err := run.Transcript(found[0].Key)
		if err != nil {
			return usage(fmt.Errorf("show %s: %w", found[0].Key, err), "")
		}
		return o.whole(a, byID[[2]string{a.Key.Benchmark, a.Key.Problem}], o.rightness(ctx, run, a.Key))
	}
	return o.list(found, byID)
}

func (o showOptions) wants(a eval.Attempt) bool {
	return (o.benchmark == "" || a.Key.Benchmark == o.benchmark) && (o.problem == "" || a.Key.Problem == o.problem) &&
		(o.model == "" || a.Key.Model == o.model) && (o.trial < 0 || a.Key.Trial == o.trial) &&
		(o.outcome == "" || said(a) == o.outcome)
}

func byKey(a, b eval.Attempt) int {
	return strings.Compare(
		fmt.Sprintf("%s\x00%s\x00%s\x00%09d", a.Key.Benchmark, padded(a.Key.Problem), a.Key.Model, a.Key.Trial),
		fmt.Sprintf("%s\x00%s\x00%s\x00%09d", b.Key.Benchmark, padded(b.Key.Problem), b.Key.Model, b.Key.Trial))
}

// padded makes numbers in an id sort by size.
func padded(id string) string {
	var b strings.Builder
	for i := 0; i < len(id); {
		j := i
		for j < len(id) && id[j] >= '0' && id[j] <= '9' {
			j++
		}
		if j > i {
			fmt.Fprintf(&b, "%12s", id[i:j])
			i = j
			continue
		}
		b.WriteByte(id[i])
		i++
	}
	return b.String()
}

func (o showOptions) list(found []eval.Attempt, problems map[[2]string]eval.Problem) error {
	table := tablewriter.NewTable(o.out,
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithRowAlignment(tw.AlignLeft), tablewriter.WithHeaderAlignment(tw.AlignLeft))
	table.Header("benchmark", "problem", "model", "trial", "outcome", "answer", "gold")
	shown := found
	if o.limit > 0 && len(found) > o.limit {
		shown = found[:o.limit]
	}
	for _, a := range shown {
		answer := a.Verdict.Answer
		if a.Err != nil {
			answer = a.Err.Error()
		}
		gold := strings.Join(problems[[2]string{a.Key.Benchmark, a.Key.Problem}].Answer, " or ")
		if err := table.Append(a.Key.Benchmark, line(a.Key.Problem, 32), line(a.Key.Model, 32), a.Key.Trial, said(a), line(answer, 40), line(gold, 30)); err != nil {
			return err
		}
	}
	if err := table.Render(); err != nil {
		return err
	}
	if len(shown) < len(found) {
		fmt.Fprintf(o.err, "%d of %d attempts; --limit 0 lists all\n", len(shown), len(found))
	}
	fmt.Fprintln(o.err, "hint: --benchmark, --problem, --model and --trial that leave one attempt show it whole")
	return nil
}

// whole prints one attempt. The model's words are hostile text: what could take
// over the terminal is stripped. right is as in cot.Measure.
func (o showOptions) whole(a eval.Attempt, p eval.Problem, right func(final string) bool) error {
	var b strings.Builder
	put := func(title, text string) {
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(&b, "── %s ──\n%s\n\n", title, text)
		}
	}
	section := func(title, text string) { put(title, printable(text)) }
	fmt.Fprintf(&b, "%s\n\n", printable(a.Key.String()))
	for _, m := range a.Request.Messages {
		section(string(m.Role), m.Content)
	}
	r := cot.Split(a.Response, a.Request.Prefill)
	style := o.style()
	put("thought ("+string(r.State)+")", style.marked(r.Thought, thoughtMarks(r.Thought, right)))
	put("answer", style.marked(r.Text, arithmeticMarks(r.Text)))
	if a.Err != nil {
		section("error", a.Err.Error()+tries(a.Err.Tries))
	} else {
		var v strings.Builder
		fmt.Fprintf(&v, "%s, score %g\n", a.Verdict.Outcome, a.Verdict.Score)
		fmt.Fprintf(&v, "answer: %s\ngold:   %s\nwhy:    %s\n", a.Verdict.Answer, strings.Join(p.Answer, " or "), a.Verdict.Why)
		for _, w := range a.Verdict.Warnings {
			fmt.Fprintf(&v, "warning: %s\n", w)
		}
		for _, c := range a.Verdict.Checks {
			fmt.Fprintf(&v, "%s %s %s\n", map[bool]string{true: "ok  ", false: "FAIL"}[c.OK], c.Name, line(c.Note, 120))
		}
		section("verdict", v.String())
	}
	section("figures", figures(a))
	if a.Err == nil {
		section(measured(a, p, r, right))
	}
	_, err := fmt.Fprint(o.out, b.String())
	return err
}

func tries(n int) string {
	if n > 1 {
		return fmt.Sprintf(" (after %d tries)", n)
	}
	return ""
}

func figures(a eval.Attempt) string {
	var parts []string
	add := func(name string, n *int) {
		if n != nil {
			parts = append(parts, fmt.Sprintf("%s %d", name, *n))
		}
	}
	parts = append(parts, "stop "+cmp.Or(string(a.Response.Stop), "unknown"))
	add("prompt tokens", a.Response.Usage.Prompt)
	add("output tokens", a.Response.Usage.Output)
	add("reasoning tokens", a.Response.Usage.Reasoning)
	if a.Response.Timing.Total > 0 {
		parts = append(parts, fmt.Sprintf("%.1f s", a.Response.Timing.Total.Seconds()))
	}
	return strings.Join(parts, ", ")
}
