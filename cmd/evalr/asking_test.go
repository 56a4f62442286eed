package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/engine"
)

func ptr[T any](v T) *T { return &v }

func TestWhatCannotBeAsked(t *testing.T) {
	for why, a := range map[string]Asking{
		"temperature = NaN":        {Temperature: ptr(math.NaN())},
		"top_p = NaN":              {TopP: ptr(math.NaN())},
		"given twice":              {Effort: Levels{"low", "high", "low"}},
		"thinking_budget = 1024":   {ThinkingBudget: Levels{"1024", "1024"}},
		"thinking_budget = -2":     {ThinkingBudget: Levels{"-2"}},
		"parameter n cannot":       {Extra: map[string]any{"n": 2}},
		"parameter model cannot":   {Extra: map[string]any{"model": "another"}},
		"that are passed through:": {Extra: map[string]any{"x": math.NaN()}},
	} {
		assert.ErrorContains(t, a.check(), why)
	}
	assert.NoError(t, Asking{ThinkingBudget: Levels{"-1", "0", "1024"}, Effort: Levels{"none", "max"}, Extra: map[string]any{"top_k": 20}}.check())
	_, err := parseParams([]string{`chat_template_kwargs={"enable_thinking": False}`})
	assert.ErrorContains(t, err, "is no JSON", "it would be sent as a text")
}

// A run that was read from run.json says how each model is asked. What is given by a
// flag goes over that, or is refused: it is never passed over.
func TestFlagsGoOverTheModelsOfAFile(t *testing.T) {
	file := func() Spec {
		return Spec{
			Models:   []ModelSpec{{Model: "vllm:deepseek-r1", Asking: Asking{Temperature: ptr(0.6), TopP: ptr(0.95)}, Conduct: Conduct{Concurrency: 3}}},
			KBy:      map[string]int{"aime24": 64},
			resolved: true,
		}
	}
	s := file()
	require.NoError(t, s.byFlags(Spec{Asking: Asking{Temperature: ptr(0.2)}, Conduct: Conduct{Concurrency: 8}}, nil))
	assert.Equal(t, []any{0.2, 0.95, 8, 64}, []any{*s.Models[0].Temperature, *s.Models[0].TopP, s.Models[0].Concurrency, s.trials("aime24")})
	for _, a := range []Asking{{Effort: Levels{"low", "high"}}, {ThinkingBudget: Levels{"1024"}}, {Preset: "none"}} {
		s = file()
		assert.ErrorContains(t, s.byFlags(Spec{Asking: a}, nil), "says of each model")
	}
	s = file()
	require.NoError(t, s.byFlags(Spec{Asking: Asking{Effort: Levels{"low", "high"}}}, []string{"vllm:qwen3-8b"}))
	require.NoError(t, resolveModels(&s, nil, func(string, ...any) {}))
	require.Len(t, s.Models, 2, "another model is asked as it wants, at each level")
	assert.Equal(t, []any{"qwen3-thinking", "qwen3-8b@effort=low", 1}, []any{s.Models[0].Preset, s.Models[0].Label, s.trials("aime24")})
}

func TestAPresetIsCheckedAsFlagsAre(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(path, []byte("extra: {n: 4}\n"), 0o600))
	s := Spec{Models: []ModelSpec{{Model: "vllm:m", Asking: Asking{Preset: path}}}}
	assert.ErrorContains(t, resolveModels(&s, []*engine.Suite{}, func(string, ...any) {}), "parameter n cannot")
}

func TestWhatAGuessedPresetSendsIsReadable(t *testing.T) {
	a := Asking{Temperature: ptr(0.6), Prefill: "<think>\n", Extra: map[string]any{"top_k": 20, "kwargs": map[string]any{"a": true}}, Preset: "p"}
	assert.Equal(t, `kwargs {"a":true}, prefill "<think>\n", temperature 0.6, top_k 20`, a.summary())
}

func TestEachModelHasALabelOfItsOwn(t *testing.T) {
	h := &house{}
	for _, c := range []struct {
		given, name string
		a           Asking
		label       string
	}{
		{"", "foo", Asking{Effort: Levels{"low"}}, "foo"},
		{"", "foo", Asking{Effort: Levels{"high"}}, "foo@effort=high"},
		{"A", "foo", Asking{}, "A"},
		{"A", "bar", Asking{Effort: Levels{"high"}}, ""}, // a label that was given is not changed
		{"", "foo", Asking{}, ""},
		{"", "foo", Asking{Effort: Levels{"high"}}, ""},
	} {
		label, err := h.unique(c.given, c.name, c.a)
		assert.Equal(t, c.label, label)
		assert.Equal(t, c.label == "", err != nil)
		if err == nil {
			h.models = append(h.models, &engine.Model{Runner: pending{label}})
		}
	}
}

func TestAWrongValueIsNamedWithItsLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "evalr.yaml")
	require.NoError(t, os.WriteFile(path, []byte("models:\n  - vllm:a\n  - {model: 'vllm:b', temperature: 1}\n  - model: vllm:c\n    temperature: '0.6'\nbenchmarks: [x]\n"), 0o600))
	_, err := readSpec(path)
	assert.ErrorContains(t, err, path+":5: models.temperature: want a number, not a string")
}

// The trials that a preset wants stand in the run and not in the file of the night.
func TestANightIsJudgedByAllTrialsOfItsPreset(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "run.json"), []byte(`{"spec":{"models":[],"benchmarks":[],"k":1,"k_by":{"a":4,"b":16}}}`), 0o600))
	assert.Equal(t, 16, trialsOf(Spec{K: 1, Out: dir}))
	assert.Equal(t, 1, trialsOf(Spec{K: 1, Out: t.TempDir()}))
}
