package leaderboard_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/leaderboard"
)

// large is a board of many rows, with letters of two, three and four bytes.
func large(models, benchmarks int) leaderboard.Board {
	var b leaderboard.Board
	for j := range benchmarks {
		for i := range models {
			score := float64(i) / float64(models)
			b.Rows = append(b.Rows, leaderboard.Row{
				Model: fmt.Sprintf("modèle 模型 😀 %04d", i), Benchmark: fmt.Sprintf("bench%02d", j), Problems: 100, Trials: 1,
				Score: &score, CILow: pointer(score / 2), CIHigh: pointer((1 + score) / 2), Outcomes: leaderboard.Outcomes{Correct: i, Incorrect: models},
				Warnings: []string{"something is to be known of this row"},
			})
		}
	}
	return b
}

func TestALargeBoardFitsItsPlace(t *testing.T) {
	const more = "https://example.org/artifacts/board_1.md"
	for _, c := range []struct {
		place              string
		models, benchmarks int
		rowsCut            bool
	}{
		{"comment", 20, 60, false}, {"comment", 2000, 3, true}, {"summary", 100, 200, false}, {"200000", 6000, 2, true}, {"5000", 100, 3, true},
	} {
		t.Run(fmt.Sprint(c.place, c.models, "x", c.benchmarks), func(t *testing.T) {
			fit, err := leaderboard.ParseFit(c.place)
			require.NoError(t, err)
			b := large(c.models, c.benchmarks)
			whole := written(t, leaderboard.Markdown, b, leaderboard.Layout{More: more})
			out := written(t, leaderboard.Markdown, b, leaderboard.Layout{Fit: fit, More: more})
			assert.Less(t, len(out), len(whole), "the case is about a board that does not fit")
			if fit.Bytes > 0 {
				assert.LessOrEqual(t, len(out), fit.Bytes)
				assert.Greater(t, len(out), fit.Bytes*8/10, "room is used")
			} else {
				n := len(utf16.Encode([]rune(out)))
				assert.LessOrEqual(t, n, fit.Characters)
				assert.Greater(t, n, fit.Characters*8/10, "room is used")
			}
			assert.True(t, utf8.ValidString(out))
			assert.True(t, strings.HasPrefix(out, "**Scores**"), "the most important comes first")
			assert.Contains(t, out, "Score: percent", "and is explained")
			assert.Contains(t, out, "did not fit._ The whole: <"+more+">")
			assert.Equal(t, c.rowsCut, strings.Contains(out, " rows and "), out[len(out)-200:])
			assert.Equal(t, strings.Count(out, "<details>"), strings.Count(out, "</details>"))
			for _, line := range strings.Split(out, "\n") {
				if strings.HasPrefix(line, "|") {
					assert.True(t, strings.HasSuffix(line, "|"), "a row is there whole or not at all")
				}
			}
		})
	}
}

func TestABoardThatFitsIsWhole(t *testing.T) {
	b := sampled(t, leaderboard.Options{})
	assert.Equal(t, written(t, leaderboard.Markdown, b, leaderboard.Layout{}),
		written(t, leaderboard.Markdown, b, leaderboard.Layout{Fit: leaderboard.Fit{Bytes: 1 << 20, Characters: 65_536}, More: "elsewhere"}))
}

func TestPlacesAreNamedOrCounted(t *testing.T) {
	f, err := leaderboard.ParseFit("20000")
	require.NoError(t, err)
	assert.Equal(t, leaderboard.Fit{Bytes: 20_000}, f)
	for wrong, hint := range map[string]string{"coment": "did you mean comment", "-1": "no place", "10": "at least 1000", "": "no place"} {
		_, err := leaderboard.ParseFit(wrong)
		assert.ErrorContains(t, err, hint)
	}
}

func TestARenewedRowChangesNoOther(t *testing.T) {
	lines := func(b leaderboard.Board) map[string]bool {
		out := map[string]bool{}
		for _, l := range strings.Split(written(t, leaderboard.Markdown, b, leaderboard.Layout{}), "\n") {
			out[l] = true
		}
		return out
	}
	before := large(5, 2)
	after := large(5, 2)
	after.Rows[3].Model += " with a far longer name than any of the others"
	was := lines(before)
	changed := 0
	for l := range lines(after) {
		if !was[l] {
			changed++
		}
	}
	assert.LessOrEqual(t, changed, 4, "its row, its row of the scores, the other benchmark's row there, and its note")
}
