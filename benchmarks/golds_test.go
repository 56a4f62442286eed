package benchmarks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/scoring"
	"github.com/evalr/evalr/scoring/mathx"
)

// exceptions are golds that are not equal to themselves, by set and id, with the
// reason. There are none now; 0.3% would be allowed.
var exceptions = map[string]string{}

// TestEveryGoldIsUnderstood reads the golds of the published sets of mathematics
// and science: each must equal itself, and nearly all must be read as something
// else than text.
func TestEveryGoldIsUnderstood(t *testing.T) {
	golds := publishedGolds(t)
	typed := 0
	for id, gold := range golds {
		r := mathx.Equal(gold, gold, mathx.Options{})
		if _, known := exceptions[id]; !known {
			assert.Equal(t, mathx.Same, r.Outcome, "%s: %q: %s", id, gold, r.Why)
		}
		v, err := mathx.Parse(gold)
		switch {
		case err != nil:
			t.Logf("%s: %v", id, err)
		case v.Kind() == "text":
			t.Logf("%s: read as text: %q", id, gold)
		default:
			typed++
		}
	}
	t.Logf("%d golds, %d of them typed", len(golds), typed)
	assert.GreaterOrEqual(t, float64(typed)/float64(len(golds)), 0.98)
	assert.LessOrEqual(t, float64(len(exceptions))/float64(len(golds)), 0.003)
}

// publishedGolds gives the golds by "set id".
func publishedGolds(t *testing.T) map[string]string {
	dir := shared(t, "data")
	out := map[string]string{}
	rows := func(name string, into any) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		if !strings.HasPrefix(strings.TrimSpace(string(text)), "[") { // one object a line
			text = []byte("[" + strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", ",") + "]")
		}
		require.NoError(t, json.Unmarshal(text, into), name)
	}
	add := func(id, gold string) {
		require.NotContains(t, out, id, "each gold counts")
		out[id] = gold
	}
	type row struct {
		ID           any
		Answer       any
		Solution     any
		FinalAnswer  []string `json:"final_answer"`
		AnswerNumber any      `json:"answer_number"`
		ProblemID    string   `json:"problemid"`
	}
	text := func(v any) string {
		if s, ok := v.(string); ok {
			return strings.TrimSpace(s)
		}
		b, err := json.Marshal(v)
		require.NoError(t, err)
		return string(b)
	}
	for _, file := range []string{"math500/test.jsonl", "aime24/test.jsonl", "aime25/aime25.json", "amc23/test.jsonl", "theoremqa/theoremqa_test.json"} {
		var all []row
		rows(file, &all)
		for i, r := range all {
			add(file+" "+text(i), text(r.Answer))
		}
	}
	for _, file := range []string{"minerva_math/test.jsonl", "hmmt/hmmt_feb_2025.jsonl"} {
		var all []row
		rows(file, &all)
		for i, r := range all {
			solution, isText := r.Solution.(string)
			gold, ok := scoring.LastBoxed(solution)
			require.True(t, ok && isText, "%s row %d", file, i)
			add(file+" "+text(i), gold)
		}
	}
	var olympiad []row
	rows("olympiadbench/test.jsonl", &olympiad)
	for _, r := range olympiad {
		add("olympiadbench "+text(r.ID), strings.ReplaceAll(strings.Join(r.FinalAnswer, ", "), "$", ""))
	}
	for _, book := range []string{"atkins", "chemmc", "class", "fund", "quan", "stat", "thermo"} {
		var all []row
		rows("scibench/"+book+".json", &all)
		for i, r := range all { // some ids are given twice
			add("scibench "+book+" "+text(i)+" "+strings.TrimSpace(r.ProblemID), text(r.AnswerNumber))
		}
	}
	require.Greater(t, len(out), 2800)
	return out
}
