package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/internal/leaderboard"
)

// historyWriters are the formats of a history.
var historyWriters = map[string]func(io.Writer, leaderboard.History) error{
	"text": leaderboard.HistoryText, "markdown": leaderboard.HistoryMarkdown, "json": leaderboard.HistoryJSON,
	"svg": leaderboard.HistorySVG, "badge": leaderboard.Badge,
}

type historyOptions struct {
	streams
	format string
	accept string
}

func newHistory(s streams) *cobra.Command {
	o := historyOptions{streams: s}
	c := &cobra.Command{
		Use:   "history DIR",
		Short: "Show how scores went over the runs of a folder",
		Long: `Show how the scores of each model and benchmark went over the run folders under
DIR, from the oldest to the newest: a sparkline with its own scale, the newest
score, and since when it has been worse, if it has.

Nights of ` + "`evalr nightly`" + ` are as they were judged at the time; other runs are
judged now, each by the (at most seven) sound runs before it that were measured alike.
A regression stays one until scores recover or a person accepts the new level.`,
		Example: examples(
			"evalr history nightly", "a table for the terminal",
			"evalr history nightly --format svg > history.svg", "a chart",
			"evalr history nightly --format badge > badge.json", "for https://img.shields.io/endpoint?url=…",
			"evalr history nightly --accept 2026-11-24", "the lower level of that night is right: judge by it from now on",
		),
		Args: exactly(1, "a folder with run folders"),
		RunE: func(_ *cobra.Command, args []string) error { return runHistory(o, args[0]) },
	}
	c.Flags().StringVar(&o.format, "format", "text", strings.Join(slices.Sorted(maps.Keys(historyWriters)), ", "))
	c.Flags().StringVar(&o.accept, "accept", "", "take the level of this `NIGHT` for the new one")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(slices.Sorted(maps.Keys(historyWriters)), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runHistory(o historyOptions, dir string) error {
	write, ok := historyWriters[o.format]
	if !ok {
		return usage(fmt.Errorf("history: unknown format %q", o.format), "the formats are %s", strings.Join(slices.Sorted(maps.Keys(historyWriters)), ", "))
	}
	if o.accept != "" {
		if err := acceptNight(dir, o.accept); err != nil {
			return err
		}
		fmt.Fprintf(o.err, "%s is the new level: later nights are judged by it and by nights after it\n", o.accept)
	}
	nights, damaged, err := nightsOf(dir)
	if err != nil {
		return err
	}
	for _, what := range damaged {
		fmt.Fprintf(o.err, "warning: %s\n", what)
	}
	if len(nights) == 0 {
		return usage(fmt.Errorf("history: %s holds no run folders", dir), "`evalr run --out %s/NAME` or `evalr nightly --dir %s` makes some", dir, dir)
	}
	history, err := leaderboard.BuildHistory(nights, leaderboard.GateOptions{})
	if err != nil {
		return usage(fmt.Errorf("history %s: %w", dir, err), "")
	}
	return write(o.out, history)
}
