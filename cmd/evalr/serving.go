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

// servingWriters are the formats of serving measures.
var servingWriters = map[string]func(io.Writer, leaderboard.Serving) error{
	"text": leaderboard.ServingText, "markdown": leaderboard.ServingMarkdown, "json": leaderboard.ServingJSON,
}

type servingOptions struct {
	streams
	format string
}

func newServing(s streams) *cobra.Command {
	o := servingOptions{streams: s}
	formats := slices.Sorted(maps.Keys(servingWriters))
	c := &cobra.Command{
		Use:   "serving RUN...",
		Short: "Show how fast models answered, and how many requests were in flight",
		Long: `Show how the models of one or several runs were served: requests in flight, the
wait for a free slot, the time to the first token of the thought and of the answer,
tokens a second of single requests and of all together, gaps within streams, tries
and kinds of errors; each wait with its p50, p90 and p99.

The figures are of the requests that were recorded, through whatever lay between
evalr and the model. Answers from a cache are left out.`,
		Example: examples(
			"evalr serving runs/20261124-101500-qwen3-gsm8k", "the requests of one run",
			"evalr serving runs/* --format markdown", "several runs, for a page",
			"evalr serving RUN --format json | jq '.rows[] | {model, in_flight, first_token_seconds}'", "for other programs",
		),
		Args: atLeast(1, "a run folder"),
		RunE: func(_ *cobra.Command, args []string) error { return runServing(o, args) },
	}
	c.Flags().StringVar(&o.format, "format", "text", strings.Join(formats, ", "))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runServing(o servingOptions, dirs []string) error {
	write, ok := servingWriters[o.format]
	if !ok {
		return usage(fmt.Errorf("serving: unknown format %q", o.format), "%s", didYouMean(o.format, slices.Sorted(maps.Keys(servingWriters))))
	}
	sources, err := sourcesOf(dirs)
	if err != nil {
		return err
	}
	serving, err := leaderboard.BuildServing(sources)
	if err != nil {
		return usage(fmt.Errorf("serving %s: %w", strings.Join(dirs, " "), err), "")
	}
	return write(o.out, serving)
}
