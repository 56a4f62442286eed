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

// listWidth is how wide a list may be.
const listWidth = 100

// more is what a list says of an entry beneath its table.
type more struct {
	name  string
	texts []string // each begins on a line of its own; an empty one is left out
}

// printMore prints what does not fit into a table, within listWidth.
func printMore(s streams, title string, all []more) {
	fmt.Fprintln(s.out, "\n"+title)
	pad := 0
	for _, m := range all {
		pad = max(pad, len(m.name))
	}
	for _, m := range all {
		name := m.name
		for _, text := range m.texts {
			for i, l := range wrapped(text, listWidth-pad-4) {
				if text != "" {
					fmt.Fprintf(s.out, "  %-*s  %s%s\n", pad, name, strings.Repeat("  ", min(i, 1)), strings.TrimSpace(l))
					name = ""
				}
			}
		}
	}
}

func listBenchmarks(s streams) error {
	var rows [][]string
	var files []more
	for _, b := range benchmarks.All(scoring.Tools{}) {
		reads := strings.Join(b.About.Files, " or ")
		if b.About.Embedded {
			reads = "embedded"
		}
		if b.About.Unverified {
			reads += " (unverified)"
		}
		rows = append(rows, []string{b.Name, b.Domain, strings.Join(wrapped(b.About.Summary, 68), "\n")})
		files = append(files, more{b.Name, []string{reads + " · " + b.About.License}})
	}
	if err := printTable(s, []string{"name", "domain", "what it asks"}, rows); err != nil {
		return err
	}
	printMore(s, "What each reads (--data DIR), and its licence:", files)
	return nil
}

func listRunners(s streams) error {
	var rows [][]string
	var about []more
	for _, k := range runners.Table() {
		rows = append(rows, []string{k.Kind + ":", orDash(k.BaseURL), orDash(k.KeyVar)})
		text := k.Note
		if k.Reasoning != "" {
			text = strings.TrimSuffix("thought in: "+k.Reasoning+" · "+k.Note, " · ")
		}
		about = append(about, more{k.Kind + ":", []string{text}})
	}
	if err := printTable(s, []string{"kind", "default address", "key"}, rows); err != nil {
		return err
	}
	printMore(s, "Where the thought arrives, and what else is to know (docs/providers.md):", about)
	return nil
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
