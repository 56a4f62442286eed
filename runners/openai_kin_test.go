package runners_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

func TestModelsOfOpenAIAreAskedAsTheyWant(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	b := asked(t, &s.Service, "openai:o3-mini@"+s.API(), eval.Request{Messages: dialogue, Effort: "low", Sampling: eval.Sampling{MaxTokens: ptr(64), Seed: ptr(7)}})
	assert.Equal(t, []any{64.0, "low", 7.0}, []any{b.Raw["max_completion_tokens"], b.Raw["reasoning_effort"], b.Raw["seed"]})
	assert.Equal(t, eval.Role("developer"), b.Messages[0].Role)
	for _, c := range []struct {
		model, says string
		q           eval.Request
	}{
		{"o3", "temperature", eval.Request{Sampling: eval.Sampling{Temperature: ptr(0.6)}}},
		{"o4-mini", "stop strings", eval.Request{Sampling: eval.Sampling{Stop: []string{"x"}}}},
		{"o4-mini", "temperature and top_p", eval.Request{Sampling: eval.Sampling{Temperature: ptr(0.6), TopP: ptr(0.9)}}},
		{"gpt-5.2", "presence_penalty", eval.Request{Effort: "none", Sampling: eval.Sampling{PresencePenalty: ptr(1.0)}}},
		{"o1", "", eval.Request{Sampling: eval.Sampling{Stop: []string{"x"}}}},
		{"o1", "it has low, medium, high", eval.Request{Effort: "minimal"}},
		{"gpt-5", "temperature: leave it unset", eval.Request{Sampling: eval.Sampling{Temperature: ptr(0.6)}}},
		{"gpt-5-mini", "it has minimal, low, medium, high", eval.Request{Effort: "none"}},
		{"gpt-5-pro", "it has high", eval.Request{Effort: "low"}},
		{"gpt-5.2", "or give --effort none", eval.Request{Effort: "low", Sampling: eval.Sampling{TopP: ptr(0.9)}}},
		{"gpt-5.2", "", eval.Request{Effort: "none", Sampling: eval.Sampling{TopP: ptr(0.9)}}},
		{"gpt-5.6-sol", "", eval.Request{Effort: "max"}},
		{"gpt-5-chat-latest", "", eval.Request{Sampling: eval.Sampling{Temperature: ptr(0.6)}}},
		{"gpt-4o", "has no reasoning effort", eval.Request{Effort: "low"}},
		{"gpt-x", "", eval.Request{Effort: "high", Sampling: eval.Sampling{Temperature: ptr(0.6)}}},
		{"gpt-x", "thinking budget", eval.Request{ThinkingBudget: ptr(1024)}},
	} {
		err := eval.Vet(played(t, &s.Service, evaltest.Scene{}, "openai:"+c.model+"@"+s.API()), c.q)
		if c.says == "" {
			assert.NoError(t, err, "%+v", c)
		} else {
			assert.ErrorContains(t, err, c.says, "%+v", c)
		}
	}
}

func TestDeepSeekAndOpenRouterControlTheThoughtTheirWay(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	off := map[string]any{"type": "disabled"}
	b := asked(t, &s.Service, "deepseek:m@"+s.API(), eval.Request{Messages: dialogue, Effort: "none"})
	assert.Equal(t, []any{off, nil}, []any{b.Raw["thinking"], b.Raw["reasoning_effort"]})
	b = asked(t, &s.Service, "deepseek:m@"+s.API(), eval.Request{Messages: dialogue, ThinkingBudget: ptr(0)})
	assert.Equal(t, off, b.Raw["thinking"])
	b = asked(t, &s.Service, "deepseek:m@"+s.API(), eval.Request{Messages: dialogue, Effort: "max"})
	assert.Equal(t, []any{nil, "max"}, []any{b.Raw["thinking"], b.Raw["reasoning_effort"]})
	b = asked(t, &s.Service, "openrouter:m@"+s.API(), eval.Request{Messages: dialogue, Effort: "xhigh"})
	assert.Equal(t, []any{map[string]any{"effort": "xhigh"}, nil}, []any{b.Raw["reasoning"], b.Raw["reasoning_effort"]})
	b = asked(t, &s.Service, "openrouter:m@"+s.API(), eval.Request{Messages: dialogue, ThinkingBudget: ptr(2000)})
	assert.Equal(t, map[string]any{"max_tokens": 2000.0}, b.Raw["reasoning"])
	for says, q := range map[string]eval.Request{
		"deepseek: it has none, low, high, max":                        {Effort: "medium"},
		"deepseek: no thinking budget but 0":                           {ThinkingBudget: ptr(5)},
		"deepseek: give one of them":                                   {ThinkingBudget: ptr(0), Effort: "high"},
		"openrouter: it has none, minimal, low, medium, high, xhigh":   {Effort: "max"},
		"openrouter: not both":                                         {Effort: "low", ThinkingBudget: ptr(5)},
		"openrouter: at least 1 token: give --effort none to turn the": {ThinkingBudget: ptr(0)},
	} {
		var kind, want string
		_, _ = fmt.Sscanf(says, "%s", &kind)
		want = says[len(kind)+1:]
		err := eval.Vet(played(t, &s.Service, evaltest.Scene{}, kind+"m@"+s.API()), q)
		assert.ErrorContains(t, err, want, says)
	}
}

func TestWhatDeepSeekIgnoresIsSaidOnce(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	var said []string
	open := func(spec string) eval.Runner {
		out, err := runners.Open(spec+"@"+s.API(), runners.Options{Env: func(string) string { return key }, Warn: func(w string) { said = append(said, w) }})
		require.NoError(t, err)
		return out[0]
	}
	q := request
	q.Sampling.Temperature = ptr(0.6)
	r := open("deepseek:deepseek-reasoner")
	for range 3 {
		_, err := r.Generate(t.Context(), q)
		require.NoError(t, err)
	}
	require.Len(t, said, 1)
	assert.Contains(t, said[0], "temperature")
	require.NoError(t, eval.Vet(open("deepseek:deepseek-chat"), q))
	q.Effort = "none"
	require.NoError(t, eval.Vet(open("deepseek:deepseek-v4-pro"), q))
	assert.Len(t, said, 1)
}
