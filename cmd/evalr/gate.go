package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/internal/leaderboard"
)

// gateCodes are the exit codes of decisions that are none of success.
var gateCodes = map[leaderboard.Decision]int{
	leaderboard.Regression: exitRegression, leaderboard.Refused: exitUsage, leaderboard.Infrastructure: exitInfrastructure,
}

type gateOptions struct {
	streams
	baselines          []string
	maxDrop, maxErrors string
	alpha              float64
	strict, force      bool
	json, markdown     bool
	junit              string
}

func newGate(s streams) *cobra.Command {
	o := gateOptions{streams: s}
	c := &cobra.Command{
		Use:   "gate RUN --baseline RUN...",
		Short: "Say whether a run is worse than earlier runs of the same problems",
		Long: `Compare a run with earlier runs (nights) of the same problems and say whether
it is worse: lower by more than chance explains, all models and benchmarks
considered, and by more than --max-drop. With one baseline only the noise of
trials is known; three or more show how much nights differ, best five to seven.

Exit codes: 0 no regression, 1 regression, 2 the runs were not measured alike,
3 the run is broken or incomplete, 4 with --strict: inconclusive.`,
		Example: examples(
			"evalr gate runs/tonight --baseline runs/last-night", "against one night",
			"evalr gate runs/tonight --baseline runs/night-*", "against all nights; the run itself is passed over",
			"evalr gate runs/tonight --baseline runs/night-* --max-drop 3pp --junit gate.xml", "for continuous integration",
			"evalr gate runs/tonight --baseline runs/last-night --json | jq -r .paragraph", "what there is to know, in a paragraph",
		),
		Args: atLeast(1, "the run folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			o.baselines = append(o.baselines, args[1:]...) // a glob of the shell
			return runGate(o, args[0])
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.baselines, "baseline", nil, "earlier `RUN` to compare with (repeatable; further arguments are baselines too)")
	f.StringVar(&o.maxDrop, "max-drop", "2pp", "drop of a score up to which is no regression: `POINTS`, as 2pp, 2% or 0.02")
	f.Float64Var(&o.alpha, "alpha", 0.01, "chance of a false alarm a night, all cells together")
	f.StringVar(&o.maxErrors, "max-errors", "10%", "`SHARE` of the attempts at a benchmark that may fail")
	f.BoolVar(&o.strict, "strict", false, "exit with 4 if a regression can neither be shown nor ruled out")
	f.BoolVar(&o.force, "force", false, "compare also what was not measured alike, and say so")
	f.BoolVar(&o.json, "json", false, "print the decision as JSON")
	f.BoolVar(&o.markdown, "markdown", false, "print the decision as Markdown")
	f.StringVar(&o.junit, "junit", "", "also write a JUnit report to `FILE`")
	c.MarkFlagsMutuallyExclusive("json", "markdown")
	return c
}

func runGate(o gateOptions, dir string) error {
	limits, err := o.limits()
	if err != nil {
		return usage(fmt.Errorf("gate: %w", err), "")
	}
	if len(o.baselines) == 0 {
		return usage(errors.New("gate: no baseline is given"), "--baseline RUN names an earlier run; `evalr list runs` names them")
	}
	current, err := sourceOf(filepath.Clean(dir))
	if err != nil {
		return err
	}
	var clean []string
	for _, b := range o.baselines {
		clean = append(clean, filepath.Clean(b))
	}
	baselines, err := sourcesOf(clean)
	if err != nil {
		return err
	}
	gate, err := leaderboard.Judge(current, baselines, limits)
	if err != nil {
		return usage(fmt.Errorf("gate: %w", err), "")
	}
	if err := o.write(gate); err != nil {
		return err
	}
	return o.exit(gate)
}

func (o gateOptions) limits() (leaderboard.GateOptions, error) {
	drop, err := parseShare(o.maxDrop)
	if err != nil {
		return leaderboard.GateOptions{}, fmt.Errorf("--max-drop: %w", err)
	}
	most, err := parseShare(o.maxErrors)
	if err != nil {
		return leaderboard.GateOptions{}, fmt.Errorf("--max-errors: %w", err)
	}
	if !(o.alpha > 0 && o.alpha < 0.5) {
		return leaderboard.GateOptions{}, fmt.Errorf("--alpha: %g is no chance of a false alarm: give one between 0 and 0.5", o.alpha)
	}
	return leaderboard.GateOptions{MaxDrop: drop, Alpha: o.alpha, MaxErrors: most, Force: o.force}, nil
}

// parseShare reads 2pp, 2% or 0.02.
func parseShare(s string) (float64, error) {
	number, scale := strings.TrimSpace(s), 1.0
	for _, unit := range []string{"pp", "%"} {
		if cut, ok := strings.CutSuffix(number, unit); ok {
			number, scale = strings.TrimSpace(cut), 0.01
		}
	}
	x, err := strconv.ParseFloat(number, 64)
	if x *= scale; err != nil || !(x > 0 && x < 1) {
		return 0, fmt.Errorf("%q is no share between 0 and 1: write 2pp, 2%% or 0.02", s)
	}
	return x, nil
}

func (o gateOptions) write(g leaderboard.Gate) error {
	write := func(w io.Writer) error { return g.Text(w) }
	switch {
	case o.json:
		write = g.JSON
	case o.markdown:
		write = g.Markdown
	}
	if err := write(o.out); err != nil || o.junit == "" {
		return err
	}
	f, err := os.Create(o.junit)
	if err != nil {
		return unwritable(fmt.Errorf("gate: write the JUnit report: %w", err), "--junit names a file that may be written")
	}
	if err := errors.Join(g.JUnit(f), f.Close()); err != nil {
		return unwritable(fmt.Errorf("gate: write %s: %w", o.junit, err), "")
	}
	return nil
}

// exit turns the decision into the exit code.
func (o gateOptions) exit(g leaderboard.Gate) error {
	code := gateCodes[g.Decision]
	if g.Decision == leaderboard.Inconclusive && o.strict {
		code = exitInconclusive
	}
	if code == exitOK {
		return nil
	}
	why := strings.Join(g.Reasons[:min(3, len(g.Reasons))], "; ")
	if more := len(g.Reasons) - 3; more > 0 {
		why += fmt.Sprintf("; and %d more", more)
	}
	return &exitError{code: code, err: fmt.Errorf("the gate: %s: %s", g.Decision, why)}
}
