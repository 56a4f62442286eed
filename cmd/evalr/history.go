package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
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
	nights, err := nightsOf(dir)
	if err != nil {
		return err
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

// gateFile is what was said of a night, in its run folder.
const gateFile = "gate.json"

// A verdictOfNight is the content of gateFile.
type verdictOfNight struct {
	Gate     leaderboard.Gate `json:"gate"`
	Accepted bool             `json:"accepted,omitempty"`
}

// nightsOf reads the run folders of a folder, the oldest first. A night is called
// as its folder; nights that begin with a date are in the order of their names.
func nightsOf(dir string) ([]leaderboard.Night, error) {
	manifests, err := store.List(dir)
	if err != nil {
		return nil, usage(fmt.Errorf("history: %w", err), "")
	}
	var nights []leaderboard.Night
	for _, m := range manifests {
		s, err := sourceOf(m.Dir)
		if err != nil {
			return nil, err
		}
		n := leaderboard.Night{Source: s, Label: filepath.Base(m.Dir)}
		said, err := readVerdict(m.Dir)
		if err != nil {
			return nil, err
		}
		if said != nil {
			n.Gate, n.Accepted = &said.Gate, said.Accepted
		}
		nights = append(nights, n)
	}
	slices.SortStableFunc(nights, func(a, b leaderboard.Night) int {
		return cmp.Or(a.When().Compare(b.When()), cmp.Compare(a.Label, b.Label))
	})
	return nights, nil
}

func readVerdict(dir string) (*verdictOfNight, error) {
	path := filepath.Join(dir, gateFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, usage(err, "")
	}
	var v verdictOfNight
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, usage(fmt.Errorf("%s: %w", path, err), "delete it, and the night is judged again")
	}
	return &v, nil
}

func writeVerdict(dir string, v verdictOfNight) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, gateFile), append(text, '\n'))
}

func acceptNight(dir, night string) error {
	run := filepath.Join(dir, filepath.Base(night))
	v, err := readVerdict(run)
	if err != nil {
		return err
	}
	if v == nil {
		return usage(fmt.Errorf("history: nothing was said of night %q under %s", night, dir), "`evalr history %s` names the nights; only those of `evalr nightly` can be accepted", dir)
	}
	v.Accepted = true
	return writeVerdict(run, *v)
}

// writeFile puts a small derived file into place whole or not at all.
func writeFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
