package reference

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServedNamesFindTheirModel(t *testing.T) {
	for name, want := range map[string]string{
		"deepseek-ai/DeepSeek-R1":                           "DeepSeek-R1",
		"deepseek-ai/DeepSeek-R1-Distill-Qwen-7B":           "DeepSeek-R1-Distill-Qwen-7B",
		"DeepSeek-R1-Distill-Llama-70B@effort=high":         "DeepSeek-R1-Distill-Llama-70B",
		"unsloth/DeepSeek-R1-Distill-Qwen-7B-bnb-4bit":      "DeepSeek-R1-Distill-Qwen-7B",
		"deepseek-ai/DeepSeek-R1-0528":                      "DeepSeek-R1-0528",
		"deepseek/deepseek-r1-0528:free":                    "DeepSeek-R1-0528",
		"deepseek-ai/DeepSeek-R1-0528-Qwen3-8B":             "DeepSeek-R1-0528-Qwen3-8B",
		"unsloth/DeepSeek-R1-0528-Qwen3-8B-GGUF:Q4_K_XL":    "DeepSeek-R1-0528-Qwen3-8B",
		"deepseek-ai/DeepSeek-V3":                           "DeepSeek-V3",
		"deepseek-ai/DeepSeek-V3.1":                         "DeepSeek-V3.1",
		"deepseek-ai/DeepSeek-V3.2-Exp":                     "DeepSeek-V3.2-Exp",
		"Qwen/Qwen3-8B":                                     "Qwen3-8B",
		"Qwen/Qwen3-8B (second run)":                        "Qwen3-8B",
		"Qwen/Qwen3-8B-AWQ":                                 "Qwen3-8B",
		"Qwen/Qwen3-8B-FP8@effort=low":                      "Qwen3-8B",
		"Qwen3-8B-Q4_K_M.gguf":                              "Qwen3-8B",
		"mlx-community/Qwen3-8B-4bit":                       "Qwen3-8B",
		"qwen3:8b":                                          "Qwen3-8B",
		"qwen3:8b-q4_K_M":                                   "Qwen3-8B",
		"qwen3:30b-a3b":                                     "Qwen3-30B-A3B of unknown release",
		"qwen3:30b-a3b-thinking-2507-q4_K_M":                "Qwen3-30B-A3B-Thinking-2507",
		"Qwen/Qwen3-30B-A3B":                                "Qwen3-30B-A3B",
		"Qwen/Qwen3-235B-A22B":                              "Qwen3-235B-A22B",
		"Qwen/Qwen3-235B-A22B-Thinking-2507":                "Qwen3-235B-A22B-Thinking-2507",
		"unsloth/Qwen3-235B-A22B-Thinking-2507-GGUF:IQ2_XS": "Qwen3-235B-A22B-Thinking-2507",
		"QwQ-32B":                   "QwQ-32B",
		"Qwen/QwQ-32B-Preview":      "QwQ-32B-Preview",
		"openai/gpt-oss-20b":        "gpt-oss-20b",
		"gpt-oss:120b":              "gpt-oss-120b",
		"zai-org/GLM-4.5-Air-FP8":   "GLM-4.5-Air",
		"zai-org/GLM-4.5":           "GLM-4.5",
		"MiniMaxAI/MiniMax-M1-80k":  "MiniMax-M1-80k",
		"o4-mini-2025-04-16":        "o4-mini",
		"o3@effort=high":            "o3",
		"  deepseek-ai/DEEPSEEK-r1": "DeepSeek-R1",
	} {
		got, ok := Model(name)
		if assert.True(t, ok, name) {
			assert.Equal(t, want, got.Name, name)
		}
	}
}

func TestANameThatGoesOnIsAnotherModel(t *testing.T) {
	for _, name := range []string{
		"", "deepseek-r1:7b", "deepseek-chat", "deepseek-reasoner", "Qwen/Qwen3-8B-Base", "someone/My-Qwen3-8B-sft", "Qwen/Qwen3-Coder-30B-A3B-Instruct",
		"perplexity/r1-1776", "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B-abliterated", "o3-pro", "foo3", "openai/o3-deep-research", "gpt-oss", "zai-org/GLM-4.5V",
		"qwen3", "qwen3:latest", "GLM-4.5-Base", "DeepSeek-V3.1-Base", "stand-in A (not a model)", ":::", "-awq", "@", "/",
	} {
		got, ok := Model(name)
		assert.False(t, ok, "%q is not %s", name, got.Name)
	}
}

func TestEveryFactHasItsSource(t *testing.T) {
	byAlias, err := models()
	require.NoError(t, err)
	require.NotEmpty(t, byAlias)
	for alias, m := range byAlias {
		assert.Equal(t, bare(alias), alias, "an alias that no name can reach")
		assert.Empty(t, variant.FindString(alias), "%s: stripped before it is found", alias)
		facts := 0
		sourced := func(present bool, source func() string) {
			if present {
				facts++
				assert.NotEmpty(t, source(), alias)
			}
		}
		sourced(m.TotalParamsB != nil, func() string { return m.TotalParamsB.Source })
		sourced(m.ActiveParamsB != nil, func() string { return m.ActiveParamsB.Source })
		sourced(m.OpenWeights != nil, func() string { return m.OpenWeights.Source })
		sourced(m.License != nil, func() string { return m.License.Source })
		sourced(m.Released != nil, func() string { return m.Released.Source })
		sourced(m.TrainingCompute != nil, func() string { return m.TrainingCompute.Source })
		assert.Positive(t, facts, alias)
		require.Equal(t, m.TotalParamsB == nil, m.ActiveParamsB == nil, alias)
		if m.TotalParamsB != nil {
			assert.Positive(t, m.ActiveParamsB.Value, alias)
			assert.LessOrEqual(t, m.ActiveParamsB.Value, m.TotalParamsB.Value, alias)
		}
		if m.Released != nil {
			layout := "2006-01-02"[:len(m.Released.Value)]
			day, err := time.Parse(layout, m.Released.Value)
			require.NoError(t, err, alias)
			assert.True(t, strings.HasPrefix(m.Released.Value, "202") && day.Year() >= 2024, alias)
		}
	}
}

func TestFactsAreAsRead(t *testing.T) {
	v3, ok := Model("deepseek-ai/DeepSeek-V3")
	require.True(t, ok)
	assert.InDelta(t, 671, v3.TotalParamsB.Value, 0)
	assert.InDelta(t, 37, v3.ActiveParamsB.Value, 0)
	assert.Equal(t, "2.788M H800 GPU hours", v3.TrainingCompute.Value)
	assert.Equal(t, "2024-12-26", v3.Released.Value)
	oss, ok := Model("gpt-oss:20b")
	require.True(t, ok)
	assert.InDelta(t, 3.6, oss.ActiveParamsB.Value, 0)
	assert.Equal(t, "2025-08-05", oss.Released.Value)
	moving, ok := Model("qwen3:30b-a3b")
	require.True(t, ok)
	assert.Nil(t, moving.Released, "the tag has pointed to two releases")
}

func TestOneAliasNamesOneModel(t *testing.T) {
	_, err := readModels([]byte("models: [{name: a, aliases: [x]}, {name: b, aliases: [x]}]"))
	require.ErrorContains(t, err, "x is an alias of a and of b")
	_, err = readModels([]byte("models: [{name: a, relesed: {value: x, source: y}}]"))
	require.ErrorContains(t, err, "relesed")
}

func FuzzModelEndsForAnyName(f *testing.F) {
	f.Add("unsloth/DeepSeek-R1-0528-Qwen3-8B-GGUF:Q4_K_XL")
	f.Add("--:::@(/")
	f.Fuzz(func(t *testing.T, name string) {
		if m, ok := Model(name); ok {
			assert.NotEmpty(t, m.Name)
		}
	})
}
