package benchmarks_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
	"github.com/evalr/evalr/scoring/cot"
)

// Reasons why a published verdict is wrong.
const (
	scientific = "the publisher does not read 1e-8 as 10^{-8}"
	order      = "the publisher compares the elements of a list in order"
	sameForm   = "the publisher's parser fails: the answer is the gold written otherwise"
	subset     = "the publisher accepts one of several values that are wanted"
)

// publisherErrs lists, by benchmark and problem, the recorded answers whose
// published verdict is wrong, with the reason.
var publisherErrs = map[string]map[string]string{
	"minerva_math": {
		"5":  "the gold says np.arcsin(10/13), the answer \\arcsin(10/13)",
		"10": scientific, "44": scientific, "129": scientific, "136": scientific, "166": scientific, "175": scientific,
		"194": scientific, "223": scientific, "263": scientific, "265": scientific,
		"72": sameForm, "81": sameForm, "85": "4A/(3+3i) e^{it} is 2A/3 (1-i) e^{it}", "86": sameForm,
		"119": "dv/dt = (f-bv)/m is m dv/dt + bv = f rearranged",
	},
	"olympiadbench": {
		"1687": "the pair (n, 1) names both functions: f(n) = n, g(n) = 1",
		"1940": subset, "2171": subset,
		"1977": "the publisher takes 1 for 100 (as a percentage); no percentage is asked for",
		"2029": "f(x) = 1 and 1", "2371": sameForm,
		"2243": "k < -5 is the interval (-∞, -5)",
		"2268": order, "2277": order, "2282": "±1, ±7 are 1, -1, 7, -7", "2292": order, "2338": order, "2340": order, "2370": order,
		"2376": order, "2397": order, "2421": order, "2439": sameForm, "2524": order, "2532": sameForm, "2570": sameForm,
		"2445": "10³ is 1000: the pair is the gold",
		"2679": "1/27 where 1/9 is wanted", "2702": "1/3 where 9 is wanted",
		"2972": "the answer runs in a loop and ends without a value",
	},
}

// TestRecordedAnswersAgreeWithTheirPublisher judges the recorded answers of
// Qwen2.5-3B-Instruct: the verdicts are the published ones, but for the rows
// where the publisher is wrong.
func TestRecordedAnswersAgreeWithTheirPublisher(t *testing.T) {
	for name, errs := range publisherErrs {
		t.Run(name, func(t *testing.T) {
			found, err := benchmarks.Select(scoring.Tools{}, []string{name})
			require.NoError(t, err)
			set, err := found[0].Load(t.Context(), eval.Data{Dirs: []string{shared(t, "data")}})
			require.NoError(t, err)
			problems := map[string]eval.Problem{}
			for _, p := range set.Problems {
				problems[p.ID] = p
			}
			f, err := os.Open(filepath.Join(shared(t, "transcripts"), name+"-qwen2.5-3b-instruct.jsonl.gz"))
			require.NoError(t, err)
			defer f.Close() //nolint:errcheck // read only
			z, err := gzip.NewReader(f)
			require.NoError(t, err)
			differ := map[string]bool{}
			for d := json.NewDecoder(z); d.More(); {
				var row struct {
					Problem, Response string
					Verdict           bool
				}
				require.NoError(t, d.Decode(&row))
				v, err := found[0].Scorer.Score(t.Context(), problems[row.Problem], cot.Split(eval.Response{Raw: row.Response}, ""))
				require.NoError(t, err)
				if right := v.Outcome == eval.Correct; right != row.Verdict {
					differ[row.Problem] = true
					assert.Contains(t, errs, row.Problem, "published %v, ours %v: gold %q, answer %q: %s", row.Verdict, right, problems[row.Problem].Answer, v.Answer, v.Why)
				}
			}
			for id := range errs {
				assert.True(t, differ[id], "%s is judged as published now: take it off the list", id)
			}
		})
	}
}
