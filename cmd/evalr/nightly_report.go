package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/evalr/evalr/internal/leaderboard"
)

// latestDir is where the report of the newest night is, in the folder of nights.
const latestDir = "latest"

// stepSummary is how many bytes a step's summary may have under GitHub Actions;
// one that has more is lost whole. A margin is left for what other steps write.
const stepSummary = 1<<20 - 4096

// report writes the files of DIR/latest, prints what was decided, and adds it to
// the step's summary where there is one.
func (o nightlyOptions) report(gate leaderboard.Gate, limits leaderboard.GateOptions) error {
	nights, _, err := nightsOf(o.dir)
	if err != nil {
		return err
	}
	history, err := leaderboard.BuildHistory(nights, limits)
	if err != nil {
		return usage(fmt.Errorf("nightly: %w", err), "")
	}
	board, err := boardOf([]string{filepath.Join(o.dir, o.date)}, leaderboard.Options{Measures: true})
	if err != nil {
		return err
	}
	if err := gate.Text(o.out); err != nil { // first, that a full disk does not hide it
		return err
	}
	fmt.Fprintln(o.out)
	if err := leaderboard.HistoryText(o.out, history); err != nil {
		return err
	}
	latest := filepath.Join(o.dir, latestDir)
	if err := os.MkdirAll(latest, 0o755); err != nil {
		return unwritable(fmt.Errorf("nightly: %w", err), "%s must be a folder that may be written", latest)
	}
	summary, err := summaryOf(o.date, gate, board, history)
	if err != nil {
		return err
	}
	layout := leaderboard.Layout{}
	for name, write := range map[string]func(io.Writer) error{
		"summary.md":      func(w io.Writer) error { _, err := io.WriteString(w, summary); return err },
		"leaderboard.md":  func(w io.Writer) error { return leaderboard.Markdown(w, board, layout) },
		"leaderboard.svg": func(w io.Writer) error { return leaderboard.SVG(w, board, layout) },
		"gate.json":       gate.JSON,
		"junit.xml":       gate.JUnit,
		"badge.json":      func(w io.Writer) error { return leaderboard.Badge(w, history) },
		"history.svg":     func(w io.Writer) error { return leaderboard.HistorySVG(w, history) },
		"history.json":    func(w io.Writer) error { return leaderboard.HistoryJSON(w, history) },
	} {
		var text bytes.Buffer
		if err := write(&text); err != nil {
			return fmt.Errorf("nightly: %s: %w", name, err)
		}
		if err := writeFile(filepath.Join(latest, name), text.Bytes()); err != nil {
			return unwritable(fmt.Errorf("nightly: write the report: %w", err), "%s must be a folder that may be written", latest)
		}
	}
	fmt.Fprintf(o.err, "report: %s\n", latest)
	if err := appendSummary(summary); err != nil { // what was decided counts, not where it could not be said
		fmt.Fprintf(o.err, "warning: the step's summary (GITHUB_STEP_SUMMARY) is not written: %v\n", err)
	}
	return nil
}

// summaryOf is the report of a night for a page: first what a person must know,
// then the board, then the history.
func summaryOf(date string, gate leaderboard.Gate, board leaderboard.Board, history leaderboard.History) (string, error) {
	var head, tail, middle bytes.Buffer
	fmt.Fprintf(&head, "## evalr, night of %s: %s\n\n", date, gate.Decision)
	err := gate.Markdown(&head)
	fmt.Fprint(&tail, "\n### History\n\n")
	err = errors.Join(err, leaderboard.HistoryMarkdown(&tail, history))
	fmt.Fprint(&middle, "\n### Leaderboard\n\n")
	room := stepSummary - head.Len() - tail.Len() - middle.Len()
	err = errors.Join(err, leaderboard.Markdown(&middle, board, leaderboard.Layout{Fit: leaderboard.Fit{Bytes: max(room, 1)}, More: "leaderboard.md of the report"}))
	return head.String() + middle.String() + tail.String(), err
}

func appendSummary(text string) error {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	if len(text) > stepSummary {
		text = strings.ToValidUTF8(text[:stepSummary-200], "") + "\n\n… cut here; the whole is in summary.md of the report.\n"
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
