package leaderboard_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

func source(attempts ...eval.Attempt) leaderboard.Source {
	return leaderboard.Source{Name: "runs/x", Attempts: func(yield func(eval.Attempt, error) bool) {
		for _, a := range attempts {
			if !yield(a, nil) {
				return
			}
		}
	}}
}

func try(model, benchmark string, problem, trial int, o eval.Outcome) eval.Attempt {
	a := eval.Attempt{Key: eval.Key{Benchmark: benchmark, Problem: fmt.Sprint(problem), Model: model, Trial: trial}}
	switch o {
	case "error":
		a.Err = &eval.Failure{Kind: eval.FailServer, Message: "boom"}
	case eval.Correct:
		a.Verdict.Score = 1
		fallthrough
	default:
		a.Verdict.Outcome = o
	}
	return a
}

func build(t *testing.T, sources ...leaderboard.Source) leaderboard.Board {
	t.Helper()
	b, err := leaderboard.Build(sources, leaderboard.Options{})
	require.NoError(t, err)
	return b
}

func TestErrorsLeaveTheDenominatorAndAreBounded(t *testing.T) {
	r := build(t, source(try("m", "b", 1, 0, eval.Correct), try("m", "b", 2, 0, eval.Incorrect), try("m", "b", 3, 0, "error"), try("m", "b", 4, 0, eval.Truncated))).Rows[0]
	assert.InDelta(t, 1.0/3, *r.Score, 1e-12)
	assert.InDelta(t, 0.25, *r.BoundLow, 1e-12)
	assert.InDelta(t, 0.5, *r.BoundHigh, 1e-12)
	assert.Equal(t, leaderboard.Outcomes{Correct: 1, Incorrect: 1, Truncated: 1, Error: 1}, r.Outcomes)
	assert.Equal(t, "wilson", r.Method)
}

func TestProblemsCountAlikeHoweverManyTrialsTheyHave(t *testing.T) {
	r := build(t, source(try("m", "b", 1, 0, eval.Correct), try("m", "b", 1, 1, eval.Correct), try("m", "b", 1, 2, eval.Correct), try("m", "b", 2, 0, eval.Incorrect))).Rows[0]
	assert.InDelta(t, 0.5, *r.Score, 1e-12, "not 3 of 4")
	assert.Equal(t, []int{2, 3}, []int{r.Problems, r.Trials})
	assert.Contains(t, r.Warnings[0], "1 to 3")
}

func TestWarningsOfVerdictsAreCountedByName(t *testing.T) {
	warned := func(problem int, warnings ...string) eval.Attempt {
		a := try("m", "b", problem, 0, eval.Incorrect)
		a.Verdict.Warnings = warnings
		return a
	}
	r := build(t, source(warned(1), warned(2, "boxes_compete: 1; the last, 2, was taken"),
		warned(3, "boxes_compete: 3, 4; the last, 5, was taken", "gold_not_extracted: 3 in another box"))).Rows[0]
	assert.Equal(t, 2, r.Warned)
	assert.Equal(t, map[string]int{"boxes_compete": 2, "gold_not_extracted": 1}, r.Doubts)
	assert.Equal(t, []string{"2 verdicts carry a warning (boxes_compete 2, gold_not_extracted 1)"}, r.Warnings)
}

func TestProgramsThatSharedAProcessWithTheirTestsAreCounted(t *testing.T) {
	inside := try("m", "b", 1, 0, eval.Correct)
	inside.Verdict.Warnings = []string{"in_process_asserts: a function cannot be given to another process"}
	b := build(t, source(inside, try("m", "b", 2, 0, eval.Correct)))
	assert.Equal(t, 1, b.Rows[0].InProcess)
	var out bytes.Buffer
	require.NoError(t, leaderboard.JSON(&out, b, leaderboard.Layout{}))
	assert.Contains(t, out.String(), `"in_process_asserts": 1`)
	out.Reset()
	require.NoError(t, leaderboard.Text(&out, b, leaderboard.Layout{}))
	assert.Contains(t, out.String(), "1 programs shared a process with their assertions")
	out.Reset()
	require.NoError(t, leaderboard.JSON(&out, build(t, source(try("m", "b", 2, 0, eval.Correct))), leaderboard.Layout{}))
	assert.NotContains(t, out.String(), "in_process_asserts")
}

func TestAnIntervalAtTheEndsDoesNotCollapse(t *testing.T) {
	var all []eval.Attempt
	for p := range 30 {
		for k := range 4 {
			all = append(all, try("m", "b", p, k, eval.Correct))
		}
	}
	r := build(t, source(all...)).Rows[0]
	assert.InDelta(t, 0.8865, *r.CILow, 1e-3, "on 30 problems, not on 120 attempts")
}

func TestARowOfErrorsAloneHasNoScore(t *testing.T) {
	b := build(t, source(try("m", "b", 1, 0, "error")))
	assert.Nil(t, b.Rows[0].Score)
	var out bytes.Buffer
	require.NoError(t, leaderboard.JSON(&out, b, leaderboard.Layout{}))
	assert.Contains(t, out.String(), `"score": null`)
	assert.True(t, json.Valid(out.Bytes()))
	require.NoError(t, leaderboard.Text(&out, b, leaderboard.Layout{}))
}

func TestTheSameAttemptsGiveTheSameBoardInAnyOrder(t *testing.T) {
	var all, reversed []eval.Attempt
	for p := range 40 {
		for k := range 2 {
			all = append(all, try("m", "b", p, k, eval.Outcomes[(p+k*(p%3))%2]))
		}
	}
	for i := range all {
		reversed = append(reversed, all[len(all)-1-i])
	}
	assert.Equal(t, build(t, source(all...)), build(t, source(reversed...)))
	assert.Equal(t, "wilson-effective", build(t, source(all...)).Rows[0].Method)
}

func TestAModelOfTwoRunsGetsTwoRows(t *testing.T) {
	b := build(t, source(try("m", "b", 1, 0, eval.Correct)), source(try("m", "b", 1, 0, eval.Incorrect)))
	require.Len(t, b.Rows, 2)
	assert.ElementsMatch(t, []string{"m", "m (runs/x)"}, []string{b.Rows[0].Model, b.Rows[1].Model})
}

func TestIsolationIsSaidUnderTheTable(t *testing.T) {
	held := func(name string, i *eval.Isolation) leaderboard.Source {
		s := source(try("m"+name, "b", 1, 0, eval.Correct))
		s.Name, s.Isolation = name, i
		return s
	}
	native := eval.Isolation{Tier: "native", Guards: []string{"seccomp", "landlock 7"}, Weaknesses: []string{"memory is looked at every 5 ms"}}
	for _, c := range []struct {
		name    string
		sources []leaderboard.Source
		want    []string
	}{
		{"no programs", []leaderboard.Source{held("a", nil)}, nil},
		{"one run", []leaderboard.Source{held("a", &native)}, []string{"Programs ran in tier native (seccomp, landlock 7); weaknesses: memory is looked at every 5 ms."}},
		{"two alike", []leaderboard.Source{held("a", &native), held("b", &native)}, []string{"Programs ran in tier native"}},
		{"two tiers", []leaderboard.Source{held("a", &native), held("b", &eval.Isolation{Tier: "none"})}, []string{"Programs of a ran in tier native", "WARNING: Programs of b ran with no isolation (tier none)."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := build(t, c.sources...)
			assert.Len(t, b.Isolation, len(c.want))
			var out bytes.Buffer
			require.NoError(t, leaderboard.Text(&out, b, leaderboard.Layout{}))
			assert.Equal(t, len(c.want) > 0, strings.Contains(out.String(), "rograms"))
			for _, w := range c.want {
				assert.Contains(t, out.String(), w)
			}
			out.Reset()
			require.NoError(t, leaderboard.JSON(&out, b, leaderboard.Layout{}))
			assert.Equal(t, len(c.want) > 0, strings.Contains(out.String(), `"isolation"`))
		})
	}
}

func TestUpdateReplacesWhatStandsBetweenTheMarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(path, []byte("above\n<!-- evalr:begin -->\nstale words\n<!-- evalr:end -->\nbelow\n"), 0o600))
	for range 2 {
		require.NoError(t, leaderboard.Update(path, sampled(t, leaderboard.Options{}), leaderboard.Layout{}))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), "above\n<!-- evalr:begin -->\n"))
	assert.True(t, strings.HasSuffix(string(text), "<!-- evalr:end -->\nbelow\n"))
	assert.NotContains(t, string(text), "stale words")
	assert.Equal(t, 1, strings.Count(string(text), "evalr:begin"))
	require.NoError(t, os.WriteFile(path, []byte("no marks"), 0o600))
	require.ErrorContains(t, leaderboard.Update(path, sampled(t, leaderboard.Options{}), leaderboard.Layout{}), "evalr:begin")
}
