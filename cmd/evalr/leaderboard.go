package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/leaderboard/reference"
	"github.com/evalr/evalr/scoring/cot"
)

// A boardWriter writes a board in a format.
type boardWriter func(io.Writer, leaderboard.Board, leaderboard.Layout) error

// writers are the formats of a leaderboard.
var writers = map[string]boardWriter{
	"text":        leaderboard.Text,
	"markdown":    leaderboard.Markdown,
	"html":        leaderboard.HTML,
	"latex":       leaderboard.LaTeX,
	"csv":         leaderboard.CSV,
	"json":        leaderboard.JSON,
	"junit":       leaderboard.JUnit,
	"model-index": leaderboard.ModelIndex,
	"svg":         leaderboard.SVG,
}

func writerNames() []string { return slices.Sorted(maps.Keys(writers)) }

type leaderboardOptions struct {
	streams
	format    string
	update    string
	columns   []string
	by        string
	baseline  string
	published bool
	cite      bool
	plot      string
	problems  bool
	heading   int
	fit       string
	more      string
}

func newLeaderboard(s streams) *cobra.Command {
	o := leaderboardOptions{streams: s}
	c := &cobra.Command{
		Use:   "leaderboard RUN...",
		Short: "Print the leaderboard of one or several runs",
		Long: `Print the leaderboard of one or several runs: a table a benchmark, each score with
its 95% interval and each rank with the places that the data leave open; with
several benchmarks a table of all scores first. Columns that are 0 or unknown in
every row are left out, unless --columns names them.

With --update FILE the Markdown board is written between the lines
<!-- evalr:begin --> and <!-- evalr:end --> of FILE.

Columns (--columns a,b shows these alone, --columns +a,-b changes the usual ones):
` + leaderboard.ColumnHelp(),
		Example: examples(
			"evalr leaderboard runs/20261124-101500-qwen3-gsm8k", "the board of one run",
			"evalr leaderboard runs/* --update README.md", "renew the board in a README in place",
			"evalr leaderboard runs/* --columns +pass@8,cons@8,-warnings", "other columns",
			"evalr leaderboard runs/* --baseline qwen3:8b", "differences from a model, with their significance",
			"evalr leaderboard runs/* --by domain --published", "domains as well, and what others have published",
			"evalr leaderboard RUN --format json | jq '.rows[] | {model, score}'", "for other programs",
			"evalr leaderboard RUN --format markdown --fit summary >> \"$GITHUB_STEP_SUMMARY\"", "in a CI job",
			"evalr leaderboard RUN --plot tradeoff > tradeoff.svg", "scores over tokens, as a chart",
			"evalr leaderboard RUN --format latex --cite", "a paragraph on the methods, and its BibTeX",
		),
		Args: atLeast(1, "a run folder"),
		RunE: func(_ *cobra.Command, args []string) error { return runLeaderboard(o, args) },
	}
	o.flags(c)
	return c
}

func (o *leaderboardOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", strings.Join(writerNames(), ", "))
	f.StringSliceVar(&o.columns, "columns", nil, "columns to show, by the `NAMES` above")
	f.StringVar(&o.by, "by", "", "rows of each `PART` as well: domain, difficulty or subject")
	f.StringVar(&o.baseline, "baseline", "", "show differences from this `MODEL`")
	f.BoolVar(&o.published, "published", false, "show as well what others have published of these benchmarks")
	f.BoolVar(&o.cite, "cite", false, "print a paragraph on the methods of this board instead (text or latex)")
	f.StringVar(&o.plot, "plot", "", "draw as SVG the chart `NAME`: "+strings.Join(leaderboard.PlotNames(), ", "))
	f.BoolVar(&o.problems, "problems", false, "junit: a case a model and problem, which fails if no trial is correct")
	f.IntVar(&o.heading, "heading", 0, "markdown: `LEVEL` of headings, 1 to 6; 0 writes bold lines")
	f.StringVar(&o.fit, "fit", "", "markdown: cut to what a `PLACE` holds: summary, comment (of GitHub) or a number of bytes")
	f.StringVar(&o.more, "more", "", "markdown: the `URL` of the whole, said where it was cut")
	f.StringVar(&o.update, "update", "", "renew the board between the markers of `FILE`")
	for name, values := range map[string][]string{
		"format": writerNames(), "plot": leaderboard.PlotNames(), "fit": leaderboard.FitNames(),
		"by": {string(leaderboard.ByDomain), string(leaderboard.ByDifficulty), string(leaderboard.BySubject)},
	} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	_ = c.RegisterFlagCompletionFunc("columns", completeColumns)
}

// completeColumns completes the last name of a list.
func completeColumns(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	at := strings.LastIndex(typed, ",") + 1
	if at < len(typed) && strings.ContainsRune("+-", rune(typed[at])) {
		at++
	}
	var out []string
	for _, name := range leaderboard.ColumnNames() {
		if strings.HasPrefix(name, typed[at:]) {
			out = append(out, typed[:at]+name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

func runLeaderboard(o leaderboardOptions, dirs []string) error {
	write, err := o.writer()
	if err != nil {
		return err
	}
	layout, err := o.layout()
	if err != nil {
		return err
	}
	board, err := boardOf(dirs, leaderboard.Options{By: leaderboard.By(o.by), Baseline: o.baseline, Measures: o.measures()})
	if err != nil {
		return err
	}
	if o.published {
		scores, err := reference.Published()
		if err != nil {
			return err
		}
		board.Publish(scores)
	}
	if o.update == "" {
		return write(o.out, board, layout)
	}
	if err := leaderboard.Update(o.update, board, layout); err != nil {
		return usage(err, "")
	}
	fmt.Fprintf(o.err, "%s: the board is renewed\n", o.update)
	return nil
}

// measures says whether what is asked for shows measures of thoughts.
func (o leaderboardOptions) measures() bool {
	return o.format == "json" || o.format == "csv" ||
		slices.ContainsFunc(o.columns, func(c string) bool { return strings.Contains(c, "cot.") })
}

// writer is the format that the flags ask for.
func (o leaderboardOptions) writer() (boardWriter, error) {
	write, ok := writers[o.format]
	if !ok {
		return nil, usage(fmt.Errorf("leaderboard: unknown format %q", o.format), "%s", didYouMean(o.format, writerNames()))
	}
	switch {
	case o.plot != "" && !slices.Contains(leaderboard.PlotNames(), o.plot):
		return nil, usage(fmt.Errorf("leaderboard: unknown plot %q", o.plot), "%s", didYouMean(o.plot, leaderboard.PlotNames()))
	case o.plot != "":
		return leaderboard.SVG, nil
	case o.cite && o.format == "latex":
		return leaderboard.CiteLaTeX, nil
	case o.cite && o.format == "text":
		return leaderboard.Cite, nil
	case o.cite:
		return nil, usage(fmt.Errorf("leaderboard: methods are not written as %s", o.format), "--cite goes with --format text or latex")
	}
	return write, nil
}

func (o leaderboardOptions) layout() (leaderboard.Layout, error) {
	l := leaderboard.Layout{More: o.more, Heading: o.heading, Problems: o.problems, Plot: o.plot}
	var err error
	if o.columns != nil {
		if l.Columns, err = leaderboard.Columns(o.columns); err != nil {
			return l, usage(fmt.Errorf("leaderboard: %w", err), "`evalr leaderboard --help` lists the columns")
		}
	}
	if err := knownMeasures(o.columns); err != nil {
		return l, err
	}
	if o.fit != "" {
		if l.Fit, err = leaderboard.ParseFit(o.fit); err != nil {
			return l, usage(fmt.Errorf("leaderboard: %w", err), "")
		}
	}
	if o.heading < 0 || o.heading > 6 {
		return l, usage(fmt.Errorf("leaderboard: there are no headings of level %d", o.heading), "levels are 1 to 6, and 0 for bold lines")
	}
	return l, nil
}

// knownMeasures checks the names of measures among the columns.
func knownMeasures(columns []string) error {
	var names []string
	for _, m := range cot.Names {
		names = append(names, m.Key)
	}
	for _, c := range columns {
		name, ok := strings.CutPrefix(strings.TrimLeft(c, "+-"), "cot.")
		if ok && !slices.Contains(names, name) {
			return usage(fmt.Errorf("leaderboard: there is no measure %q of thoughts", name), "%s", didYouMean(name, names))
		}
	}
	return nil
}

// didYouMean names what is near a wrong name, or all there is.
func didYouMean(name string, names []string) string {
	if near := eval.Nearest(name, names); len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "?"
	}
	return "there are " + strings.Join(names, ", ")
}
