package runners_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
)

func TestAnthropicRequest(t *testing.T) {
	s := evaltest.NewAnthropic(t, reply)
	few := eval.Sampling{MaxTokens: ptr(8192), Stop: []string{"END"}}
	b := asked(t, &s.Service, "anthropic:claude-sonnet-4-5@"+s.API(), eval.Request{Messages: dialogue, Sampling: few, ThinkingBudget: ptr(2048)})
	assert.Equal(t, []string{key, "2023-06-01", ""}, []string{b.Header.Get("X-Api-Key"), b.Header.Get("Anthropic-Version"), b.Header.Get("Authorization")})
	assert.Equal(t, []any{"Be brief.", 8192.0, []any{"END"}}, []any{b.Raw["system"], b.Raw["max_tokens"], b.Raw["stop_sequences"]})
	assert.Equal(t, []eval.Role{"user", "assistant", "user"}, roles(b))
	assert.Equal(t, map[string]any{"type": "enabled", "budget_tokens": 2048.0}, b.Raw["thinking"])

	adaptive := map[string]any{"type": "adaptive", "display": "summarized"}
	for _, c := range []struct {
		model, effort string
		budget        *int
		extra         map[string]any
		thinking      any
	}{
		{"claude-sonnet-4-5", "", nil, nil, nil},
		{"claude-sonnet-4-5", "", ptr(0), nil, map[string]any{"type": "disabled"}},
		{"claude-3-5-haiku-20241022", "", ptr(0), nil, nil},
		{"claude-opus-4-5", "low", nil, nil, nil}, // takes an effort, but no adaptive thinking
		{"claude-opus-4-6", "max", nil, nil, adaptive},
		{"claude-opus-4-6", "low", ptr(1024), nil, map[string]any{"type": "enabled", "budget_tokens": 1024.0}},
		{"claude-opus-4-7", "", nil, nil, nil}, // off unless asked for
		{"claude-sonnet-5", "", nil, nil, adaptive},
		{"claude-sonnet-5", "", ptr(0), nil, map[string]any{"type": "disabled"}},
		{"claude-haiku-5-5", "", nil, nil, nil},
		{"claude-sonnet-5", "", nil, map[string]any{"thinking": map[string]any{"type": "disabled"}}, map[string]any{"type": "disabled"}},
		{"someone-elses", "", ptr(4096), nil, map[string]any{"type": "enabled", "budget_tokens": 4096.0}},
	} {
		b := asked(t, &s.Service, "anthropic:"+c.model+"@"+s.API(), eval.Request{Messages: dialogue, Sampling: few, Effort: c.effort, ThinkingBudget: c.budget, Extra: c.extra})
		assert.Equal(t, c.thinking, b.Raw["thinking"], "%+v", c)
		if c.effort != "" {
			assert.Equal(t, map[string]any{"effort": c.effort}, b.Raw["output_config"])
		}
	}
	b = asked(t, &s.Service, "anthropic:claude-sonnet-4-5@"+s.API(), eval.Request{Messages: dialogue, Sampling: few, Prefill: "The"})
	assert.Equal(t, eval.Message{Role: eval.Assistant, Content: "The"}, b.Messages[3])
}
