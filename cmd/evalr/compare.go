package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/internal/leaderboard"
)

type compareOptions struct {
	streams
	only  leaderboard.CompareOptions
	flips int
	json  bool
}

func newCompare(s streams) *cobra.Command {
	o := compareOptions{streams: s}
	c := &cobra.Command{
		Use:   "compare A B...",
		Short: "Say which of two models is better, and how sure that is",
		Long: `Compare the models of two or more runs (or of one) on the problems that they have
in common, by paired tests: the difference with its interval, what a comparison of
this size could find at all, what would decide it, and the problems on which the
models differ, each with the command that shows the answers.

Of several models all pairs are compared, adjusted together (Holm), and the models
are put into tiers. docs/statistics.md explains each figure.`,
		Example: examples(
			"evalr compare runs/monday runs/tuesday", "two runs",
			"evalr compare runs/both --benchmark aime24", "two models of one run",
			"evalr compare runs/* --model qwen3:8b --model qwen3:4b", "two models wherever they are",
			"evalr compare A B --json | jq '.pairs[] | {diff, p}'", "for other programs",
		),
		Args: atLeast(1, "a run folder"),
		RunE: func(_ *cobra.Command, args []string) error { return runCompare(o, args) },
	}
	f := c.Flags()
	f.StringArrayVar(&o.only.Benchmarks, "benchmark", nil, "only this benchmark (repeatable)")
	f.StringArrayVar(&o.only.Models, "model", nil, "only this model (repeatable)")
	f.IntVar(&o.flips, "flips", 5, "problems listed of each pair at most")
	f.BoolVar(&o.json, "json", false, "print JSON, with all problems on which models differ")
	return c
}

func runCompare(o compareOptions, dirs []string) error {
	sources, err := sourcesOf(dirs)
	if err != nil {
		return err
	}
	comparison, err := leaderboard.Compare(sources, o.only)
	if err != nil {
		return usage(fmt.Errorf("compare %s: %w", strings.Join(dirs, " "), err), "`evalr leaderboard` shows which models and benchmarks the runs have")
	}
	if o.json {
		return leaderboard.CompareJSON(o.out, comparison)
	}
	return leaderboard.CompareText(o.out, comparison, leaderboard.CompareLayout{Flips: o.flips, Show: showCommand})
}

// showCommand is the command that shows an attempt.
func showCommand(s leaderboard.Showing, benchmark, problem string) string {
	return strings.Join([]string{
		"evalr show", shellQuote(s.Run), "--benchmark", shellQuote(benchmark), "--problem", shellQuote(problem),
		"--model", shellQuote(s.Model), "--trial", strconv.Itoa(s.Trial),
	}, " ")
}
