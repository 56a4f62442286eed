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
var writers = map[string]func(io.Writer, leaderboard.Board) error{
	"text":     leaderboard.Text,
	"markdown": leaderboard.Markdown,
	"csv":      leaderboard.CSV,
	"json":     leaderboard.JSON,
}

type leaderboardOptions struct {
	streams
	format string
	update string
}

func newLeaderboard(s streams) *cobra.Command {
	o := leaderboardOptions{streams: s}
	c := &cobra.Command{
		Use:   "leaderboard RUN...",
		Short: "Print the leaderboard of one or several runs",
		Long: `Print the leaderboard of one or several runs: one row a model, a column a
benchmark, each score with its 95% interval; under it the number of problems and
trials and the shares of truncated, refused, unanswered and failed attempts.

With --update FILE the Markdown board is written between the lines
<!-- evalr:begin --> and <!-- evalr:end --> of FILE.`,
		Example: examples(
			"evalr leaderboard runs/20261124-101500-qwen3-gsm8k", "the board of one run",
			"evalr leaderboard runs/* --format markdown", "one board of all runs, for a README",
			"evalr leaderboard runs/* --update README.md", "renew the board in a README in place",
			"evalr leaderboard RUN --format json | jq '.rows[] | {model, score}'", "for other programs",
		),
		Args: atLeast(1, "a run folder"),
		RunE: func(_ *cobra.Command, args []string) error { return runLeaderboard(o, args) },
	}
	c.Flags().StringVar(&o.format, "format", "text", "text, markdown, csv or json")
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
	board, err := boardOf(dirs)
	if err != nil {
		return err
	}
	if o.update == "" {
		return write(o.out, board)
	}
	if err := leaderboard.Update(o.update, board); err != nil {
		return usage(err, "")
	}
	fmt.Fprintf(o.err, "%s: the board is renewed\n", o.update)
	return nil
}
