package scoring_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

// A graded case is a line of a file of cases: those of testdata and the shared
// acceptance cases.
type gradedCase struct {
	ID, Kind, Gold, Response, Want string
	Choices                        []string
	Stop                           eval.Stop
}

func readCases(t testing.TB, path string) []gradedCase {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // read only
	var out []gradedCase
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c gradedCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c), "line %d of %s", len(out)+1, path)
		out = append(out, c)
	}
	return out
}

// wrong grades cases and reports those whose outcome is not the wanted one.
func wrong(t *testing.T, as string, bare bool, cases []gradedCase) (failed int) {
	t.Helper()
	grader, err := scoring.NewGrader(as, eval.Policy{}, bare)
	require.NoError(t, err)
	for _, c := range cases {
		v, err := grader.Grade(t.Context(), scoring.Item{Gold: []string{c.Gold}, Response: c.Response, Choices: c.Choices, Stop: c.Stop})
		require.NoError(t, err, c.ID)
		got := string(v.Outcome)
		if got == "refused" { // the acceptance cases take it for no answer
			got = "no_answer"
		}
		if got != c.Want {
			failed++
			t.Logf("%s: gold %q response %q: want %s, got %s %q (%s)", c.ID, c.Gold, c.Response, c.Want, got, v.Answer, v.Why)
		}
		assert.False(t, got == "correct" && c.Want != "correct", "%s: a false accept", c.ID)
	}
	return failed
}

func TestCasesOfEveryKind(t *testing.T) {
	for file, bare := range map[string]bool{"testdata/equal.jsonl": true, "testdata/extract.jsonl": false} {
		cases := readCases(t, file)
		require.GreaterOrEqual(t, len(cases), 600)
		assert.Zero(t, wrong(t, "math", bare, cases), file)
	}
}

func TestPublicCases(t *testing.T) {
	for _, c := range []struct {
		file, as string
		bare     bool
	}{{"math_equiv.jsonl", "math", true}, {"math_extract.jsonl", "math", false}, {"choice.jsonl", "choice", false}} {
		t.Run(c.file, func(t *testing.T) {
			assert.Zero(t, wrong(t, c.as, c.bare, readCases(t, shared(t, "accept", c.file))))
		})
	}
}
