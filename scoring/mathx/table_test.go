package mathx_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/scoring/mathx"
)

// tableCase is a line of testdata/equal.txt.
type tableCase struct {
	kind, gold, answer string
	line               int
	same               bool
}

func table(t testing.TB) []tableCase {
	t.Helper()
	file, err := os.Open("testdata/equal.txt")
	require.NoError(t, err)
	defer func() { assert.NoError(t, file.Close()) }()
	var out []tableCase
	kind := ""
	scanner := bufio.NewScanner(file)
	for line := 1; scanner.Scan(); line++ {
		text := scanner.Text()
		if name, ok := strings.CutPrefix(text, "== "); ok {
			kind = name
			continue
		}
		if kind == "" {
			continue
		}
		gold, answer, same := strings.Cut(text, " <=> ")
		if !same {
			var ok bool
			if gold, answer, ok = strings.Cut(text, " <≠> "); !ok {
				continue
			}
		}
		out = append(out, tableCase{kind, gold, answer, line, same})
	}
	require.NoError(t, scanner.Err())
	return out
}

func TestTable(t *testing.T) {
	cases := table(t)
	require.GreaterOrEqual(t, len(cases), 600)
	for _, c := range cases {
		r := mathx.Equal(c.gold, c.answer, mathx.Options{})
		assert.Equal(t, c.same, r.Outcome == mathx.Same, "line %d, %s: %s against %s: %s, %s",
			c.line, c.kind, c.gold, c.answer, r.Outcome, r.Why)
		assert.LessOrEqual(t, r.Work, mathx.MaxWork, "line %d", c.line)
	}
}
