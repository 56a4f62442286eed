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
)

// writers are the formats of a leaderboard.
var writers = map[string]func(io.Writer, leaderboard.Board, leaderboard.Layout) error{
	"text":     leaderboard.Text,
	"markdown": leaderboard.Markdown,
	"csv":      leaderboard.CSV,
	"json":     leaderboard.JSON,
}

type leaderboardOptions struct {
	streams
	format   string
	update   string
	columns  []string
	by       string
	baseline string
}

func newLeaderboard(s streams) *cobra.Command {
	o := leaderboardOptions{streams: s}
	c := &cobra.Command{
		Use:   "leaderboard RUN...",
		Short: "Print the leaderboard of one or several runs",
		Long: `Print the leaderboard of one or several runs: a table a benchmark, each score with
its 95% interval and each rank with the places that the data leave open; with
several benchmarks a table of all scores first.

With --update FILE the Markdown board is written between the lines
<!-- evalr:begin --> and <!-- evalr:end --> of FILE.

Columns (--columns a,b shows these alone, --columns +a,-b changes the usual ones):
` + leaderboard.ColumnHelp(),
		Example: examples(
			"evalr leaderboard runs/20261124-101500-qwen3-gsm8k", "the board of one run",
			"evalr leaderboard runs/* --format markdown", "one board of all runs, for a README",
			"evalr leaderboard runs/* --update README.md", "renew the board in a README in place",
			"evalr leaderboard runs/* --columns +pass@8,cons@8,-warnings", "other columns",
			"evalr leaderboard runs/* --baseline qwen3:8b", "differences from a model, with their significance",
			"evalr leaderboard runs/* --by domain", "mathematics, programming and science as well",
			"evalr leaderboard RUN --format json | jq '.rows[] | {model, score}'", "for other programs",
		),
		Args: atLeast(1, "a run folder"),
		RunE: func(_ *cobra.Command, args []string) error { return runLeaderboard(o, args) },
	}
	c.Flags().StringVar(&o.format, "format", "text", "text, markdown, csv or json")
	c.Flags().StringSliceVar(&o.columns, "columns", nil, "columns to show, by the `NAMES` above")
	c.Flags().StringVar(&o.by, "by", "", "rows of domain, difficulty or subject as well")
	c.Flags().StringVar(&o.baseline, "baseline", "", "show differences from this `MODEL`")
	c.Flags().StringVar(&o.update, "update", "", "renew the board between the markers of `FILE`")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(slices.Sorted(maps.Keys(writers)), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runLeaderboard(o leaderboardOptions, dirs []string) error {
	write, ok := writers[o.format]
	if !ok {
		names := slices.Sorted(maps.Keys(writers))
		hint := "the formats are " + strings.Join(names, ", ")
		if near := eval.Nearest(o.format, names); len(near) > 0 {
			hint = "did you mean " + strings.Join(near, " or ") + "?"
		}
		return usage(fmt.Errorf("leaderboard: unknown format %q", o.format), "%s", hint)
	}
	columns, err := leaderboard.Columns(o.columns)
	if err != nil {
		return usage(fmt.Errorf("leaderboard: %w", err), "`evalr leaderboard --help` lists the columns")
	}
	board, err := boardOf(dirs, leaderboard.Options{By: leaderboard.By(o.by), Baseline: o.baseline})
	if err != nil {
		return err
	}
	layout := leaderboard.Layout{Columns: columns}
	if o.update == "" {
		return write(o.out, board, layout)
	}
	if err := leaderboard.Update(o.update, board, layout); err != nil {
		return usage(err, "")
	}
	fmt.Fprintf(o.err, "%s: the board is renewed\n", o.update)
	return nil
}
