package preset_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/runners/preset"
)

func TestEveryPresetNamesItsSource(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range preset.All() {
		assert.NotEmpty(t, p.Source, p.Name)
		assert.NotEmpty(t, p.About, p.Name)
		assert.False(t, seen[p.Name], p.Name)
		seen[p.Name] = true
	}
	assert.GreaterOrEqual(t, len(seen), 10)
}

func TestAPresetIsGuessedFromTheWholeName(t *testing.T) {
	for model, want := range map[string]string{
		"deepseek-ai/DeepSeek-R1":                 "deepseek-r1",
		"deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": "deepseek-r1",
		"deepseek-ai/DeepSeek-R1-0528":            "deepseek-r1-0528",
		"deepseek-r1:8b":                          "deepseek-r1",
		"deepseek-ai/DeepSeek-V3-0324":            "deepseek-v3",
		"deepseek-ai/DeepSeek-V3.2-Speciale":      "deepseek-v3.2",
		"Qwen/Qwen3-8B":                           "qwen3-thinking",
		"Qwen/Qwen3-0.6B":                         "qwen3-thinking",
		"Qwen/Qwen3-235B-A22B":                    "qwen3-thinking",
		"qwen3:30b-a3b":                           "qwen3-thinking",
		"Qwen/Qwen3-235B-A22B-Thinking-2507":      "qwen3-thinking-2507",
		"Qwen/Qwen3-30B-A3B-Instruct-2507":        "qwen3-instruct-2507",
		"Qwen/QwQ-32B":                            "qwq-32b",
		"openai/gpt-oss-120b":                     "gpt-oss",
		"o4-mini":                                 "openai-o",
		"o1":                                      "openai-o",
		// Names that no source covers.
		"Qwen/QwQ-32B-Preview": "", "deepseek-reasoner": "", "Qwen/Qwen3-Coder-480B-A35B-Instruct": "", "o1x": "",
		"deepseek-ai/DeepSeek-V3.1": "", "gpt-4o": "", "my-deepseek-r1": "", "Qwen/Qwen3-8B-Base": "",
	} {
		p, ok := preset.Guess(model)
		assert.Equal(t, want, p.Name, model)
		assert.Equal(t, want != "", ok, model)
	}
}

func TestTrialsGoByTheSizeOfTheBenchmark(t *testing.T) {
	p, err := preset.Find("deepseek-r1")
	require.NoError(t, err)
	assert.Equal(t, []int{64, 16, 4}, []int{p.K(30), p.K(198), p.K(500)})
	v3, err := preset.Find("deepseek-v3")
	require.NoError(t, err)
	assert.Zero(t, v3.K(30))
}

func TestAPresetMayLieInAFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	p, err := preset.Find(write("mine.yaml", "# mine\ntemperature: 0\ntop_k: 5\nextra: {seed_everything: true}\n"))
	require.NoError(t, err)
	assert.Equal(t, "mine", p.Name)
	require.NotNil(t, p.Temperature)
	assert.Zero(t, *p.Temperature)
	assert.Nil(t, p.TopP)
	assert.Equal(t, map[string]any{"top_k": 5, "seed_everything": true}, p.Params())

	for text, says := range map[string]string{
		"temprature: 1\n":                    "temprature",
		"name: x\ntemperature: 9\n":          "out of range",
		"name: x\nmodels: ['[']\n":           "no glob",
		"name: x\nsystem: never\n":           "neither none nor developer",
		"- name: x\n  trials: [{upto: 4}]\n": "k = 0",
		"[]\n":                               "no preset",
	} {
		_, err := preset.Find(write("bad.yaml", text))
		assert.ErrorContains(t, err, says)
		assert.ErrorContains(t, err, "bad.yaml")
	}
	_, err = preset.Find("deepsek-r1")
	assert.ErrorContains(t, err, "did you mean deepseek-r1")
}

func TestWhatIsWrongWithAPresetIsNamedWithItsLine(t *testing.T) {
	for text, says := range map[string]string{
		"name: x\n\ntop_pp: 1\n":                       `:3: unknown key "top_pp": did you mean top_p`,
		"- name: a\n- name: b\n  top_k: many\n":        ":3: top_k: want a whole number, not a string",
		"# mine\ntemperature: .nan\n":                  "want plain keys and values",
		"name: x\nmin_p: 7\n":                          ":2: min_p: 7 is out of range",
		"name: x\nextra: {a: .nan}\n":                  "want plain keys and values",
		"name: x\nextra: {kwargs: {1: true}}\n":        "want plain keys and values",
		"name: x\ntrials: [{k: 4}, {upto: 4, k: 9}]":   ":2: trials: a line without upto",
		"trials: [{upto: 9, k: 4}, {upto: 4, k: 9}]":   ":1: trials: upto: 4",
		"name: x\ntrials:\n  - {upto: 9, kk: 4}":       `:3: unknown key "kk"`,
		"\ttemperature: 1\n":                           ":1: ",
		"a text and no more\n":                         ":1: want the keys of a preset",
		"name: x\nname: y\n":                           ":2: mapping key",
		"name: x\ntemperature: 1\n---\nname: second\n": "expected single document",
	} {
		path := filepath.Join(t.TempDir(), "bad.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := preset.Find(path)
		require.ErrorContains(t, err, "bad.yaml")
		assert.ErrorContains(t, err, says)
		assert.NotContains(t, err.Error(), "go-yaml")
	}
}
