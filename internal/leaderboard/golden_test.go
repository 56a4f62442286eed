package leaderboard_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

var update = flag.Bool("update", false, "write the golden files again")

type writer = func(io.Writer, leaderboard.Board, leaderboard.Layout) error

func written(t *testing.T, write writer, b leaderboard.Board, l leaderboard.Layout) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, write(&out, b, l))
	return out.String()
}

func TestGoldens(t *testing.T) {
	b := sampled(t, leaderboard.Options{})
	versus := sampled(t, leaderboard.Options{Baseline: "Qwen/Qwen3-8B", By: leaderboard.ByDomain})
	for _, c := range []struct {
		name   string
		write  writer
		board  leaderboard.Board
		layout leaderboard.Layout
	}{
		{"board.txt", leaderboard.Text, b, leaderboard.Layout{}},
		{"board-baseline.txt", leaderboard.Text, versus, leaderboard.Layout{}},
		{"board.md", leaderboard.Markdown, b, leaderboard.Layout{}},
		{"board-headings.md", leaderboard.Markdown, versus, leaderboard.Layout{Heading: 3}},
		{"board.csv", leaderboard.CSV, versus, leaderboard.Layout{}},
		{"board.tex", leaderboard.LaTeX, b, leaderboard.Layout{}},
		{"board.html", leaderboard.HTML, b, leaderboard.Layout{}},
		{"board.junit.xml", leaderboard.JUnit, b, leaderboard.Layout{}},
		{"board.model-index.yaml", leaderboard.ModelIndex, b, leaderboard.Layout{}},
		{"methods.txt", leaderboard.Cite, versus, leaderboard.Layout{}},
		{"methods.tex", leaderboard.CiteLaTeX, b, leaderboard.Layout{}},
		{"board.json", leaderboard.JSON, versus, leaderboard.Layout{}},
	} {
		t.Run(c.name, func(t *testing.T) { golden(t, c.name, written(t, c.write, c.board, c.layout)) })
	}
	for _, name := range leaderboard.PlotNames() {
		t.Run(name, func(t *testing.T) {
			golden(t, "board-"+name+".svg", written(t, leaderboard.SVG, b, leaderboard.Layout{Plot: name}))
		})
	}
}

// golden compares a text with its file, or writes it.
func golden(t *testing.T, name, out string) {
	t.Helper()
	assert.NotContains(t, out, "\x1b", "nothing takes over a terminal")
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "make golden writes it")
	assert.Equal(t, string(want), out)
}

func TestGoldensOfComparisons(t *testing.T) {
	var x, y, z []string
	for i := range 12 {
		x, y = append(x, []string{"1101", "1011", "0111"}[i%3]), append(y, []string{"1100", "1010", "0111"}[i%3])
		z = append(z, "0000")
	}
	show := leaderboard.CompareLayout{Flips: 3, Show: func(s leaderboard.Showing, benchmark, problem string) string {
		return fmt.Sprintf("evalr show %s --benchmark %s --problem %s --model %s --trial %d", s.Run, benchmark, problem, s.Model, s.Trial)
	}}
	for name, c := range map[string]leaderboard.Comparison{
		"compare.txt":      compare(t, scores("x", x...), scores("y", y...)),
		"compare-many.txt": compare(t, scores("x", x...), scores("y", y...), scores("z", z...)),
	} {
		var out bytes.Buffer
		require.NoError(t, leaderboard.CompareText(&out, c, show))
		golden(t, name, out.String())
	}
	var out bytes.Buffer
	require.NoError(t, leaderboard.CompareJSON(&out, compare(t, scores("x", x[:3]...), scores("y", y[:3]...))))
	golden(t, "compare.json", out.String())
}

func TestGoldensOfNights(t *testing.T) {
	g := judge(t, evening("runs/tonight", 30, eval.Truncated), leaderboard.GateOptions{}, threeNights()...)
	h, err := leaderboard.BuildHistory([]leaderboard.Night{
		night(1, 27, leaderboard.First), night(2, 26, leaderboard.Pass), night(3, 12, leaderboard.Infrastructure),
		night(4, 28, leaderboard.Inconclusive), night(5, 9, leaderboard.Regression),
	}, leaderboard.GateOptions{})
	require.NoError(t, err)
	for name, write := range map[string]func(io.Writer) error{
		"gate.txt": g.Text, "gate.md": g.Markdown, "gate.json": g.JSON, "gate.junit.xml": g.JUnit,
		"history.txt":  func(w io.Writer) error { return leaderboard.HistoryText(w, h) },
		"history.md":   func(w io.Writer) error { return leaderboard.HistoryMarkdown(w, h) },
		"history.json": func(w io.Writer) error { return leaderboard.HistoryJSON(w, h) },
		"history.svg":  func(w io.Writer) error { return leaderboard.HistorySVG(w, h) },
		"badge.json":   func(w io.Writer) error { return leaderboard.Badge(w, h) },
	} {
		var out bytes.Buffer
		require.NoError(t, write(&out))
		golden(t, name, out.String())
	}
}
