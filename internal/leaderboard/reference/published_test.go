package reference

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryScoreHasItsSourceAndARange(t *testing.T) {
	scores, err := Published()
	require.NoError(t, err)
	require.NotEmpty(t, scores)
	metrics := map[string]float64{"pass@1": 100, "cons@64": 100, "percentile": 100, "rating": 4000}
	benchmarks := []string{"aime24", "aime25", "math500", "gpqa_diamond", "livecodebench", "codeforces", "swe_bench_verified", "hle", "mmlu_pro"}
	efforts := []string{"", "low", "medium", "high", "thinking", "non-thinking", "cot", "direct"}
	for _, s := range scores {
		at := fmt.Sprintf("%+v", s)
		assert.NotEmpty(t, s.Source, at)
		assert.NotEmpty(t, s.ReportedBy, at)
		assert.Contains(t, metrics, s.Metric, at)
		assert.Contains(t, benchmarks, s.Benchmark, at)
		assert.Contains(t, efforts, s.Effort, at)
		assert.Greater(t, s.Value, 0.0, at)
		assert.LessOrEqual(t, s.Value, metrics[s.Metric], at)
		assert.Equal(t, s.Metric == "rating" || s.Metric == "percentile", s.Benchmark == "codeforces", at)
		if s.Metric == "rating" {
			assert.Greater(t, s.Value, 100.0, "a percentage in the place of a rating: %s", at)
		}
		assert.NotContains(t, s.Source, "http", "a source is named, its address never guessed: %s", at)
	}
}

func TestNoScoreStandsTwice(t *testing.T) {
	scores, err := Published()
	require.NoError(t, err)
	seen := map[string]Score{}
	for _, s := range scores {
		key := strings.Join([]string{s.Model, s.Benchmark, s.Metric, s.Window, s.Effort, s.ReportedBy}, "|")
		assert.NotContains(t, seen, key, "%+v", s)
		seen[key] = s
	}
}

// find gives the scores of a model at a benchmark, "publisher metric window effort" → value.
func find(t *testing.T, model, benchmark string) map[string]float64 {
	t.Helper()
	scores, err := Published()
	require.NoError(t, err)
	out := map[string]float64{}
	for _, s := range scores {
		if s.Model == model && s.Benchmark == benchmark {
			out[strings.Join(strings.Fields(strings.Join([]string{s.ReportedBy, s.Metric, s.Window, s.Effort}, " ")), " ")] = s.Value
		}
	}
	return out
}

func TestScoresAreAsPrinted(t *testing.T) {
	for _, c := range []struct {
		model, benchmark, key string
		value                 float64
	}{
		{"DeepSeek-R1", "aime24", "DeepSeek pass@1", 79.8},
		{"DeepSeek-R1", "math500", "DeepSeek pass@1", 97.3},
		{"DeepSeek-R1", "aime25", "DeepSeek pass@1", 70.0},
		{"DeepSeek-R1-Zero", "aime24", "DeepSeek cons@64", 86.7},
		{"DeepSeek-R1-Distill-Qwen-7B", "aime24", "DeepSeek pass@1", 55.5},
		{"DeepSeek-R1-Distill-Llama-70B", "codeforces", "DeepSeek rating 10 Div. 2 contests", 1633},
		{"DeepSeek-V3.1", "aime25", "DeepSeek pass@1 non-thinking", 49.8},
		{"gpt-oss-120b", "gpqa_diamond", "OpenAI pass@1 medium", 73.1},
		{"o3", "gpqa_diamond", "OpenAI pass@1 low", 78.6},
		{"GLM-4.5", "livecodebench", "Z.ai pass@1 2407-2501", 72.9},
		{"Qwen3-8B", "aime25", "Qwen pass@1 thinking", 67.3},
	} {
		got := find(t, c.model, c.benchmark)
		require.Contains(t, got, c.key, "%s at %s", c.model, c.benchmark)
		assert.InDelta(t, c.value, got[c.key], 0, "%s at %s", c.model, c.benchmark)
	}
}

func TestPublishersWhoDisagreeStandApart(t *testing.T) {
	assert.Equal(t, map[string]float64{
		"DeepSeek pass@1 2408-2501": 65.9,
		"DeepSeek pass@1 2408-2505": 63.5,
		"MiniMax pass@1 2408-2505":  55.9,
	}, find(t, "DeepSeek-R1", "livecodebench"))
	assert.Equal(t, map[string]float64{
		"DeepSeek percentile 10 Div. 2 contests": 58.7,
		"DeepSeek rating 10 Div. 2 contests":     1134,
		"DeepSeek percentile":                    51.6,
	}, find(t, "DeepSeek-V3", "codeforces"))
}

// What was only remembered, never read, must not slip in.
func TestWhatNobodyReadIsAbsent(t *testing.T) {
	scores, err := Published()
	require.NoError(t, err)
	for _, s := range scores {
		assert.NotContains(t, []string{"QwQ-32B", "GLM-4.5-Air", "o3 preview", "o3-preview"}, s.Model)
	}
	for _, c := range [][2]string{
		{"o3", "codeforces"}, {"o3", "swe_bench_verified"}, {"o4-mini", "aime24"}, {"o4-mini", "codeforces"}, {"o4-mini", "swe_bench_verified"},
		{"gpt-oss-120b", "codeforces"}, {"gpt-oss-120b", "swe_bench_verified"}, {"gpt-oss-20b", "aime24"}, {"gpt-oss-20b", "aime25"}, {"gpt-oss-20b", "gpqa_diamond"},
		{"Kimi k1.5 long", "livecodebench"}, {"MiniMax-M1-80k", "swe_bench_verified"}, {"MiniMax-M1-40k", "swe_bench_verified"},
	} {
		assert.Empty(t, find(t, c[0], c[1]), "%s at %s", c[0], c[1])
	}
	assert.Equal(t, map[string]float64{"MiniMax pass@1 thinking": 96.2}, find(t, "Qwen3-235B-A22B", "math500"))
	assert.Equal(t, map[string]float64{"OpenAI pass@1 high": 14.9}, find(t, "gpt-oss-120b", "hle"))
}

func TestAFileWithAnUnknownKeyOrNoSourceIsRefused(t *testing.T) {
	_, err := readPublished([]byte("- {source: a, reported_by: b, scores: [{model: m, benchmark: hle, metric: pass@1, valeu: 1}]}"))
	require.ErrorContains(t, err, "valeu")
	_, err = readPublished([]byte("- {reported_by: b, scores: [{model: m, benchmark: hle, metric: pass@1, value: 1}]}"))
	require.ErrorContains(t, err, "source")
	_, err = readPublished([]byte("- {source: a, reported_by: b, scores: [{model: m, benchmark: hle, metric: pass@1}]}"))
	require.ErrorContains(t, err, "value")
}

func TestTheCallerOwnsTheScores(t *testing.T) {
	first, err := Published()
	require.NoError(t, err)
	first[0].Value = -1
	second, err := Published()
	require.NoError(t, err)
	assert.Positive(t, second[0].Value)
}
