package leaderboard_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
		{"scores.svg", leaderboard.SVG, b, leaderboard.Layout{}},
		{"tradeoff.svg", leaderboard.SVG, b, leaderboard.Layout{Plot: "tradeoff"}},
		{"lengths.svg", leaderboard.SVG, b, leaderboard.Layout{Plot: "lengths"}},
		{"methods.txt", leaderboard.Cite, versus, leaderboard.Layout{}},
		{"methods.tex", leaderboard.CiteLaTeX, b, leaderboard.Layout{}},
		{"board.json", leaderboard.JSON, versus, leaderboard.Layout{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := written(t, c.write, c.board, c.layout)
			assert.NotContains(t, out, "\x1b", "nothing takes over a terminal")
			path := filepath.Join("testdata", c.name)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(out), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "make golden writes it")
			assert.Equal(t, string(want), out)
		})
	}
}
