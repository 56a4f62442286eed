package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

type nightlyOptions struct {
	streams
	file, dir, date string
	gate            gateOptions
	rerun           bool
	quiet           bool
}

func newNightly(s streams) *cobra.Command {
	o := nightlyOptions{streams: s}
	o.gate.streams = s
	c := &cobra.Command{
		Use:   "nightly -f evalr.yaml",
		Short: "The one command of a nightly job: run, board, gate, history",
		Long: `Measure what evalr.yaml says into a run folder named by the day, judge it by the
nights before it, and write a report.

The night is compared with the (at most seven) newest sound nights that were measured alike. A
regression that is suspected is asked again, once, with fresh trials of every
problem, and counts only if the fresh trials alone show it too. A night that was cut
off is resumed by the same command; a finished one is only reported.

The report is in DIR/latest: summary.md, leaderboard.md, leaderboard.svg, gate.json,
junit.xml, badge.json, history.svg and history.json. Under GitHub Actions the summary
goes to the step's summary as well.

Exit codes: 0 no regression, 1 a regression, 2 nothing that was measured alike to
compare with (the night begins a new baseline), 3 infrastructure, 4 with --strict:
inconclusive.`,
		Example: examples(
			"evalr nightly -f evalr.yaml", "tonight, into nightly/",
			"evalr nightly -f evalr.yaml --max-drop 3pp --strict", "tolerate less noise, and doubt",
			"evalr history nightly", "how it went so far",
			"evalr history nightly --accept 2026-11-24", "take a lower level for the new one",
		),
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runNightly(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVarP(&o.file, "file", "f", "evalr.yaml", "what to measure: a YAML `FILE` as of `evalr run -f`")
	f.StringVar(&o.dir, "dir", "nightly", "folder `DIR` of the nights and of the report")
	f.StringVar(&o.date, "date", "", "name of the night (default: today's date, UTC)")
	f.StringVar(&o.gate.maxDrop, "max-drop", "2pp", "drop of a score up to which is no regression: `POINTS`, as 2pp, 2% or 0.02")
	f.Float64Var(&o.gate.alpha, "alpha", 0.01, "chance of a false alarm a night, all models and benchmarks together")
	f.StringVar(&o.gate.maxErrors, "max-errors", "10%", "`SHARE` of the attempts at a benchmark that may fail")
	f.BoolVar(&o.gate.strict, "strict", false, "exit with 4 if a regression can neither be shown nor ruled out")
	f.BoolVar(&o.gate.force, "force", false, "compare also what was not measured alike, and say so")
	f.BoolVar(&o.rerun, "rerun", true, "ask again before a suspected regression counts")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress")
	return c
}

// runNightly always writes a report, also of a night that broke.
func runNightly(ctx context.Context, o nightlyOptions) error {
	limits, err := o.gate.limits()
	if err != nil {
		return usage(fmt.Errorf("nightly: %w", err), "")
	}
	if o.date == "" {
		o.date = time.Now().UTC().Format("2006-01-02")
	}
	if o.date != filepath.Base(o.date) || o.date == latestDir || strings.HasPrefix(o.date, ".") {
		return usage(fmt.Errorf("nightly: %q is no name for a night", o.date), "--date 2026-11-24")
	}
	spec, err := o.spec()
	if err != nil {
		return err
	}
	ran := o.run(ctx, spec)
	if resumable(ran) || !exists(filepath.Join(spec.Out, "run.json")) {
		return ran // nothing to report
	}
	gate, err := o.judge(ctx, spec, limits)
	if err != nil {
		return err
	}
	if err := o.report(gate, limits); err != nil {
		return err
	}
	if ran != nil && gate.Decision != leaderboard.Regression && gate.Decision != leaderboard.Refused {
		return ran
	}
	return o.gate.exit(gate)
}

// resumable says whether an error left the night to be gone on with, rather than
// judged: it was interrupted, or the command was wrong.
func resumable(err error) bool {
	var e *exitError
	return errors.As(err, &e) && e.code != exitInfrastructure
}

func (o nightlyOptions) spec() (Spec, error) {
	spec, err := readSpec(o.file)
	if err != nil {
		return spec, err
	}
	spec.Out = filepath.Join(o.dir, o.date)
	spec.fillTrials(false)
	spec.fillData()
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return spec, usage(fmt.Errorf("nightly: %w", err), "--dir names a folder that may be written")
	}
	return spec, spec.check()
}

// run measures, or goes on with a night that was cut off.
func (o nightlyOptions) run(ctx context.Context, spec Spec) error {
	return runOptions{streams: o.streams, quiet: o.quiet}.measure(ctx, spec)
}

// judge says how the night compares with those before it. What was said before of
// a night that was finished stands.
func (o nightlyOptions) judge(ctx context.Context, spec Spec, limits leaderboard.GateOptions) (leaderboard.Gate, error) {
	said, err := readVerdict(spec.Out)
	if err != nil {
		return leaderboard.Gate{}, err
	}
	if said != nil && said.Gate.Decision != leaderboard.Infrastructure {
		return said.Gate, nil
	}
	current, earlier, err := o.nights(spec)
	if err != nil {
		return leaderboard.Gate{}, err
	}
	gate, err := judgeAgainst(current, earlier, limits)
	if err != nil {
		return gate, err
	}
	if gate.Decision == leaderboard.Regression && o.rerun {
		if gate, err = o.again(ctx, spec, gate, limits); err != nil {
			return gate, err
		}
	}
	return gate, writeVerdict(spec.Out, verdictOfNight{Gate: gate})
}

func judgeAgainst(current leaderboard.Source, earlier []leaderboard.Night, limits leaderboard.GateOptions) (leaderboard.Gate, error) {
	baselines := leaderboard.Baselines(current, earlier)
	if len(baselines) == 0 {
		return leaderboard.FirstNight(current, limits)
	}
	gate, err := leaderboard.Judge(current, baselines, limits)
	if err != nil {
		return gate, usage(fmt.Errorf("nightly: %w", err), "")
	}
	return gate, nil
}

// nights gives tonight and the nights before it.
func (o nightlyOptions) nights(spec Spec) (leaderboard.Source, []leaderboard.Night, error) {
	nights, err := nightsOf(o.dir)
	if err != nil {
		return leaderboard.Source{}, nil, err
	}
	for i, n := range nights {
		if n.Label == o.date {
			return n.Source, nights[:i], nil
		}
	}
	return leaderboard.Source{}, nil, fmt.Errorf("%s: the run of tonight is not there", spec.Out)
}

// again asks every problem as often again, and judges the fresh trials alone. A
// regression that they do not show was chance.
func (o nightlyOptions) again(ctx context.Context, spec Spec, first leaderboard.Gate, limits leaderboard.GateOptions) (leaderboard.Gate, error) {
	fmt.Fprintf(o.err, "a regression is suspected: asking again, with fresh trials\n%s\n", first.Paragraph())
	more := spec
	if more.Until != "" { // adaptive trials are not of a fixed number
		more.Until, more.K, more.KMax = "", max(spec.KMax, spec.K), 0
		more.Baseline, more.Margin = "", ""
	}
	from := more.K
	more.K *= 2
	if err := o.run(ctx, more); err != nil {
		return first, err
	}
	current, earlier, err := o.nights(more)
	if err != nil {
		return first, err
	}
	fresh, n := freshTrials(current, from)
	if n == 0 {
		first.Warnings = append(first.Warnings, "the regression could not be asked again: the model holds no further trials (a replay file?)")
		return first, nil
	}
	gate, err := judgeAgainst(fresh, earlier, limits)
	if err != nil {
		return first, err
	}
	verdict := "the fresh trials show it too"
	if gate.Decision != leaderboard.Regression {
		verdict = "the fresh trials do not show it"
	}
	gate.Warnings = append(gate.Warnings, fmt.Sprintf("a regression was suspected, and every problem asked again: %s. First: %s", verdict, strings.Join(first.Reasons, "; ")))
	return gate, nil
}

// freshTrials is a source without the trials before a number; n counts the
// attempts that are left.
func freshTrials(s leaderboard.Source, from int) (fresh leaderboard.Source, n int) {
	all := s.Attempts
	keep := func(a eval.Attempt, err error) bool { return err != nil || a.Key.Trial >= from }
	for a, err := range all {
		if err == nil && keep(a, nil) {
			n++
		}
	}
	s.Attempts = iter.Seq2[eval.Attempt, error](func(yield func(eval.Attempt, error) bool) {
		for a, err := range all {
			if keep(a, err) && !yield(a, err) {
				return
			}
		}
	})
	s.Trials = max(0, s.Trials-from)
	return s, n
}
