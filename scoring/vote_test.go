package scoring_test

import (
	"compress/gzip"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
	"github.com/evalr/evalr/scoring/cot"
	"github.com/evalr/evalr/scoring/mathx"
)

// TestOneVoteForEqualAnswers judges recorded answers, of which many are to one
// problem, and samples 5,000 pairs of them: Verdict.Canonical must be the same
// exactly for the pairs that Equal calls equal.
func TestOneVoteForEqualAnswers(t *testing.T) {
	type answer struct{ text, canonical string }
	byProblem := map[string][]answer{}
	var problems []string
	for _, file := range []string{"aime24-llama3.2-3b-rl-x50.jsonl.gz", "minerva_math-qwen2.5-3b-instruct.jsonl.gz", "olympiadbench-qwen2.5-3b-instruct.jsonl.gz", "math500-r1-distill-qwen-14b-cut.jsonl.gz"} {
		f, err := os.Open(shared(t, "transcripts", file))
		require.NoError(t, err)
		z, err := gzip.NewReader(f)
		require.NoError(t, err)
		for d := json.NewDecoder(z); d.More(); {
			var row struct {
				Problem, Response, Gold string
				Stop                    eval.Stop
			}
			require.NoError(t, d.Decode(&row))
			v, err := scoring.Math(scoring.Tools{}).Score(t.Context(), eval.Problem{Answer: []string{row.Gold}}, cot.Split(eval.Response{Raw: row.Response, Stop: row.Stop}, ""))
			if err != nil || v.Answer == "" {
				continue
			}
			key := file + row.Problem
			if byProblem[key] == nil {
				problems = append(problems, key)
				// the gold votes too, in another spelling of its own
				byProblem[key] = []answer{{row.Gold, mathx.CanonicalLike(row.Gold, row.Gold)}}
			}
			byProblem[key] = append(byProblem[key], answer{v.Answer, v.Canonical})
		}
		require.NoError(t, f.Close())
	}
	rng := rand.New(rand.NewPCG(3, 5000))
	equal, pairs := 0, 0
	for pairs < 5000 {
		all := byProblem[problems[rng.IntN(len(problems))]]
		a, b := all[rng.IntN(len(all))], all[rng.IntN(len(all))]
		if a.text == b.text {
			if rng.IntN(4) > 0 { // most of these would say little
				continue
			}
		}
		pairs++
		r := mathx.Equal(a.text, b.text, mathx.Options{})
		same := r.Outcome == mathx.Same
		if same {
			equal++
		}
		assert.Equal(t, same, a.canonical == b.canonical, "%q and %q: %s, %s; votes %q and %q", a.text, b.text, r.Outcome, r.Why, a.canonical, b.canonical)
	}
	t.Logf("%d pairs, %d of them equal", pairs, equal)
	require.Greater(t, equal, 500)
	require.Greater(t, pairs-equal, 500)
}
