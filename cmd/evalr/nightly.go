package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
)

type nightlyOptions struct {
	streams
	file, dir, date string
	gate            gateOptions
	rerun           bool
	quiet           bool
	now             func() time.Time
}

func newNightly(s streams) *cobra.Command {
	o := nightlyOptions{streams: s, now: time.Now}
	o.gate.streams = s
	c := &cobra.Command{
		Use:   "nightly -f evalr.yaml",
		Short: "The one command of a nightly job: run, board, gate, history",
		Long: `Measure what evalr.yaml says into a run folder named by the day, judge it by the
nights before it, and write a report.

The night is compared with the (at most seven) newest sound nights that were measured alike. A
regression that is suspected is asked again, once, with fresh trials of every
problem, and counts only if the fresh trials alone show it too. A night that was cut
off is resumed by the same command, also after midnight; of a broken one what failed is
asked again; a finished one is only reported.

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
	f.StringVar(&o.date, "date", "", "name of the night (default: today's date, UTC; that of a night begun within twelve hours and not judged yet)")
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
	if o.date != "" && (o.date != filepath.Base(o.date) || o.date == latestDir || strings.HasPrefix(o.date, ".")) {
		return usage(fmt.Errorf("nightly: %q is no name for a night", o.date), "--date 2026-11-24")
	}
	spec, err := o.spec()
	if err != nil {
		return err
	}
	o.date = filepath.Base(spec.Out)
	said, err := readVerdict(spec.Out)
	if err != nil {
		fmt.Fprintf(o.err, "warning: what was said of the night is lost, and it is judged again: %v\n", err)
	}
	ran := o.run(ctx, spec, unattended{failed: said != nil && said.Gate.Decision == leaderboard.Infrastructure})
	if resumable(ran) || !exists(filepath.Join(spec.Out, "run.json")) {
		return ran // nothing to report
	}
	verdict, err := o.judge(ctx, spec, limits, said)
	if err != nil {
		return err
	}
	kept := writeVerdict(spec.Out, verdict)
	if err := cmp.Or(o.report(verdict.Gate, limits), kept); err != nil {
		return cmp.Or(ran, err)
	}
	return o.exit(verdict, ran)
}

// exit is what the command ends with. What ended the run is said where it is why
// the night cannot be judged.
func (o nightlyOptions) exit(v verdictOfNight, ran error) error {
	switch {
	case v.Gate.Decision == leaderboard.Regression && v.Accepted:
		fmt.Fprintf(o.err, "the regression of %s was accepted: its level is the new one\n", o.date)
		return nil
	case ran != nil && v.Gate.Decision != leaderboard.Regression && v.Gate.Decision != leaderboard.Refused:
		return ran
	}
	err := o.gate.exit(v.Gate)
	if e, ok := errors.AsType[*exitError](err); ok {
		e.hint = map[leaderboard.Decision]string{
			leaderboard.Regression:     fmt.Sprintf("if the lower level is right: evalr history %s --accept %s", shellQuote(o.dir), shellQuote(o.date)),
			leaderboard.Infrastructure: "mend the cause, then ask what failed again with: " + o.command(),
		}[v.Gate.Decision]
	}
	return err
}

// resumable says whether an error left the night to be gone on with, rather than
// judged: it was interrupted, or the command was wrong.
func resumable(err error) bool {
	var e *exitError
	return err != nil && (!errors.As(err, &e) || e.code != exitInfrastructure)
}

func (o nightlyOptions) spec() (Spec, error) {
	spec, err := readSpec(o.file)
	if err != nil {
		return spec, err
	}
	spec.fillTrials(false)
	spec.fillData()
	if err := spec.check(); err != nil {
		return spec, err
	}
	if spec.Seed != nil || slices.ContainsFunc(spec.Models, func(m ModelSpec) bool { return m.Seed != nil }) {
		fmt.Fprintln(o.err, "warning: with a seed a server may repeat the very answers of the night before: nights then look more alike than they are")
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return spec, unwritable(fmt.Errorf("nightly: %w", err), "--dir names a folder that may be written")
	}
	spec.Out = filepath.Join(o.dir, cmp.Or(o.date, o.tonight(spec)))
	return spec, nil
}

// tonight names the night by today's date, unless yesterday's began less than half a
// day ago and is not judged yet: then midnight came in between.
func (o nightlyOptions) tonight(spec Spec) string {
	const layout = "2006-01-02"
	now := o.now().UTC()
	today, yesterday := now.Format(layout), now.AddDate(0, 0, -1).Format(layout)
	run, err := store.Open(filepath.Join(o.dir, yesterday))
	if err != nil || exists(filepath.Join(o.dir, today)) {
		return today
	}
	m := run.Manifest()
	if said, _ := readVerdict(m.Dir); said != nil && said.Gate.Decision != leaderboard.Infrastructure {
		return today
	}
	if m.SpecHash == spec.resolvedHash() && now.Sub(m.Started) < 12*time.Hour {
		return yesterday
	}
	return today
}

// run measures, or goes on with a night that was cut off.
func (o nightlyOptions) run(ctx context.Context, spec Spec, u unattended) error {
	u.again, u.other = o.command(), "--date"
	return runOptions{streams: o.streams, quiet: o.quiet, unattended: u}.measure(ctx, spec)
}

// command goes on with the night.
func (o nightlyOptions) command() string {
	return fmt.Sprintf("evalr nightly -f %s --dir %s --date %s", shellQuote(o.file), shellQuote(o.dir), shellQuote(o.date))
}

// judge says how the night compares with those before it. What was said before of
// a night that was finished stands, as long as the same is asked.
func (o nightlyOptions) judge(ctx context.Context, spec Spec, limits leaderboard.GateOptions, said *verdictOfNight) (verdictOfNight, error) {
	v := verdictOfNight{Asked: inquiry{Limits: limits, Trials: trialsOf(spec)}}
	if said != nil {
		if said.Gate.Decision != leaderboard.Infrastructure && said.Asked == v.Asked {
			return *said, nil
		}
		v.Accepted = said.Accepted
	}
	nights, damaged, err := nightsOf(o.dir)
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(nights, func(n leaderboard.Night) bool { return n.Label == o.date })
	if i < 0 {
		return v, usage(fmt.Errorf("%s cannot be read: %s", spec.Out, strings.Join(damaged, "; ")), "--date NAME begins another night")
	}
	earlier := nights[:i]
	if err := leaderboard.Settle(earlier, limits); err != nil {
		return v, usage(fmt.Errorf("nightly: %w", err), "")
	}
	first, _ := trials(nights[i].Source, 0, v.Asked.Trials)
	if v.Gate, err = leaderboard.JudgeNight(first, earlier, limits); err != nil {
		return v, usage(fmt.Errorf("nightly: %w", err), "")
	}
	if v.Gate.Suspects() && o.rerun {
		if v.Gate, err = o.again(ctx, spec, v, earlier); err != nil {
			return v, err
		}
	}
	v.Gate.Warnings = append(v.Gate.Warnings, damaged...)
	return v, nil
}

// trialsOf is how many trials a problem has at most. What a preset says of it stands
// in the run.
func trialsOf(s Spec) int {
	n := max(s.K, s.KMax)
	if was, err := readSpec(filepath.Join(s.Out, "run.json")); err == nil {
		for _, k := range was.KBy {
			n = max(n, k)
		}
	}
	return n
}
