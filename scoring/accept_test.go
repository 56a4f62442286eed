package scoring_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

// shared gives a path of the shared reference data, or skips.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("EVALR_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is absent: set EVALR_SHARED to the shared reference data to run this test", path)
	}
	return path
}

func TestPublicCases(t *testing.T) {
	for _, c := range []struct {
		file, as string
		floor    float64
	}{{"math_extract.jsonl", "math", 0.97}, {"choice.jsonl", "choice", 0.99}} {
		t.Run(c.file, func(t *testing.T) {
			f, err := os.Open(shared(t, "accept", c.file))
			require.NoError(t, err)
			defer f.Close() //nolint:errcheck // read only
			grader, err := scoring.NewGrader(c.as, eval.Policy{}, false)
			require.NoError(t, err)
			right, all := 0, 0
			for lines := bufio.NewScanner(f); lines.Scan(); {
				var row struct {
					ID, Gold, Response, Want string
					Choices                  []string
					Stop                     eval.Stop
				}
				require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
				v, err := grader.Grade(t.Context(), scoring.Item{Gold: []string{row.Gold}, Response: row.Response, Choices: row.Choices, Stop: row.Stop})
				require.NoError(t, err, row.ID)
				got := string(v.Outcome)
				if got == "refused" {
					got = "no_answer"
				}
				all++
				if got == row.Want {
					right++
				} else {
					t.Logf("%s: gold %q response %q: want %s, got %s %q (%s)", row.ID, row.Gold, row.Response, row.Want, got, v.Answer, v.Why)
				}
				assert.False(t, got == "correct" && row.Want != "correct", "%s: a false accept", row.ID)
			}
			t.Logf("%d of %d", right, all)
			assert.GreaterOrEqual(t, float64(right)/float64(all), c.floor)
		})
	}
}
