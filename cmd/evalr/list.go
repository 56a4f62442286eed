package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
	"github.com/spf13/cobra"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/scoring"
)

// lists are what can be listed.
var lists = map[string]func(streams) error{
	"benchmarks": listBenchmarks,
	"runners":    listRunners,
	"presets":    listPresets,
	"prices":     listPrices,
	"languages":  listLanguages,
	"runs":       listRuns,
}

var listNames = []string{"benchmarks", "runners", "presets", "prices", "languages", "runs"}

func newList(s streams) *cobra.Command {
	return &cobra.Command{
		Use:       "list benchmarks|runners|presets|prices|languages|runs",
		Short:     "List benchmarks, runners, presets, prices, languages or runs",
		ValidArgs: listNames,
		Example: examples(
			"evalr list benchmarks", "the catalogue, and the files that each benchmark reads",
			"evalr list runners", "the kinds of model, their addresses and their keys",
			"evalr list presets", "how the makers of models say that these are asked, with the sources",
			"evalr list prices", "what services cost, with the sources; your own go over them by --prices",
			"evalr list languages", "the languages in which answers can be run here",
			"evalr list runs", "the run folders under runs/",
		),
		Args: exactly(1, "what to list (benchmarks, runners, presets, prices, languages or runs)"),
		RunE: func(_ *cobra.Command, args []string) error {
			f, ok := lists[args[0]]
			if !ok {
				hint := "what can be listed: " + strings.Join(listNames, ", ")
				if near := eval.Nearest(args[0], listNames); len(near) > 0 {
					hint = "did you mean " + strings.Join(near, " or ") + "?"
				}
				return usage(fmt.Errorf("list: %q cannot be listed", args[0]), "%s", hint)
			}
			return f(s)
		},
	}
}

// printTable prints rows under a header.
func printTable(s streams, header []string, rows [][]string) error {
	table := tablewriter.NewTable(s.out,
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithRowAlignment(tw.AlignLeft), tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRendition(tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.Off}, Lines: tw.Lines{ShowHeaderLine: tw.On},
		}}))
	table.Header(header)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	return table.Render()
}

func listBenchmarks(s streams) error {
	var rows [][]string
	for _, b := range benchmarks.All(scoring.Tools{}) {
		reads := strings.Join(b.About.Files, " or ")
		if b.About.Embedded {
			reads = "embedded"
		}
		if b.About.Unverified {
			reads += " (unverified)"
		}
		rows = append(rows, []string{b.Name, b.Domain, b.About.Summary, reads, b.About.License})
	}
	return printTable(s, []string{"name", "domain", "what it asks", "reads", "licence"}, rows)
}

func listRunners(s streams) error {
	var rows [][]string
	for _, k := range runners.Table() {
		rows = append(rows, []string{k.Kind + ":", k.BaseURL, cmp.Or(k.KeyVar, "–"), cmp.Or(k.Reasoning, "–"), k.Note})
	}
	return printTable(s, []string{"kind", "default address", "key", "thought arrives in", "note"}, rows)
}

func listLanguages(s streams) error {
	var rows [][]string
	for _, l := range sandbox.Languages() {
		note := l.Note
		if m := installs.FindStringSubmatch(note); m != nil {
			note = "sudo apt-get install " + m[1]
		}
		if l.Path == "" {
			l.Version = "not found"
		}
		rows = append(rows, []string{l.Name, cmp.Or(l.Version, "unknown"), cmp.Or(l.Path, "–"), cmp.Or(note, "–")})
	}
	return printTable(s, []string{"language", "version", "found at", "to install"}, rows)
}

func listRuns(s streams) error {
	runs, err := store.List(runsDir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return usage(fmt.Errorf("list runs: %w", err), "")
	}
	if len(runs) == 0 {
		fmt.Fprintf(s.err, "no runs under %s/; `evalr run -m auto -b 'evalr-*'` makes one\n", runsDir)
		return nil
	}
	var rows [][]string
	for _, r := range runs {
		rows = append(rows, []string{r.Dir, r.Status, fmt.Sprint(r.Planned), r.Started.Local().Format("2006-01-02 15:04"), r.Name})
	}
	return printTable(s, []string{"run", "status", "attempts planned", "started", "name"}, rows)
}
