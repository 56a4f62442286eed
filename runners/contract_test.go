package runners_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

func ptr[T any](v T) *T { return &v }

// told is a usage of which every count is known.
var told = eval.Usage{Prompt: ptr(31), Output: ptr(52), Reasoning: ptr(40), Cached: ptr(16)}

// played gives the runner of a model spec whose service plays a scene.
func played(t *testing.T, s *evaltest.Service, c evaltest.Scene, spec string) eval.Runner {
	t.Helper()
	return playedBy(t, s, c, spec, runners.Options{})
}

// playedBy is played with further options.
func playedBy(t *testing.T, s *evaltest.Service, c evaltest.Scene, spec string, o runners.Options) eval.Runner {
	t.Helper()
	s.Trouble = c.Trouble
	o.NoStream, o.Stall, o.FirstByte, o.Env = c.Whole, c.Patience, c.Patience, func(string) string { return key }
	out, err := runners.Open(spec, o)
	require.NoError(t, err)
	require.Len(t, out, 1)
	return out[0]
}

// says makes a service give one reply to everybody.
func says(r evaltest.Reply) func(evaltest.Body) evaltest.Reply {
	return func(evaltest.Body) evaltest.Reply { return r }
}

func TestChatContract(t *testing.T) {
	for name, style := range map[string]evaltest.Style{"reasoning_content": evaltest.ReasoningContent, "reasoning": evaltest.Reasoning, "tags": evaltest.InText} {
		t.Run(name, func(t *testing.T) {
			evaltest.ProviderContract(t, evaltest.Provider{
				Open: func(t *testing.T, c evaltest.Scene) eval.Runner {
					s := evaltest.NewServer(t, says(c.Reply))
					s.Style = style
					return played(t, &s.Service, c, "deepseek:fake@"+s.API())
				},
				Request: request, Key: key, InText: style == evaltest.InText, Usage: told,
				Refuses: map[string]eval.Request{
					"prefill":         {Messages: request.Messages, Prefill: "<think>\n"},
					"thinking budget": {Messages: request.Messages, ThinkingBudget: ptr(2048)},
				},
				Takes: []eval.Request{{Messages: request.Messages, Effort: "high", Sampling: eval.Sampling{Temperature: ptr(0.0), Seed: ptr(7)}}},
			})
		})
	}
}

func TestResponsesContract(t *testing.T) {
	evaltest.ProviderContract(t, evaltest.Provider{
		Open: func(t *testing.T, c evaltest.Scene) eval.Runner {
			s := evaltest.NewResponses(t, says(c.Reply))
			return played(t, &s.Service, c, "openai-responses:gpt-5.1@"+s.API())
		},
		Request: request, Key: key, Usage: told,
		Refuses: map[string]eval.Request{
			"a prefill":        {Messages: request.Messages, Prefill: "<think>\n"},
			"thinking budget":  {Messages: request.Messages, ThinkingBudget: ptr(2048)},
			"a seed":           {Messages: request.Messages, Sampling: eval.Sampling{Seed: ptr(7)}},
			"stop strings":     {Messages: request.Messages, Sampling: eval.Sampling{Stop: []string{"x"}}},
			"presence_penalty": {Messages: request.Messages, Sampling: eval.Sampling{PresencePenalty: ptr(1.0)}},
			"temperature: leave it unset, or give --effort none": {Messages: request.Messages, Sampling: eval.Sampling{Temperature: ptr(0.5)}},
			"it has none, low, medium, high":                     {Messages: request.Messages, Effort: "xhigh"},
		},
		Takes: []eval.Request{
			{Messages: request.Messages, Effort: "high", Sampling: eval.Sampling{MaxTokens: ptr(64)}},
			{Messages: request.Messages, Effort: "none", Sampling: eval.Sampling{Temperature: ptr(0.0), TopP: ptr(0.9)}},
			{Messages: []eval.Message{{Role: eval.System, Content: "Be brief."}, {Role: eval.User, Content: "2+2?"}}},
			{Messages: request.Messages, Extra: map[string]any{"truncation": "auto"}},
		},
	})
}

func TestAnthropicContract(t *testing.T) {
	few := eval.Sampling{MaxTokens: ptr(8192)}
	with := func(f func(*eval.Request)) eval.Request {
		q := eval.Request{Messages: request.Messages, Sampling: few}
		f(&q)
		return q
	}
	for model, refuses := range map[string]map[string]eval.Request{
		"claude-sonnet-4-5-20250929": {
			"give --max-tokens":     {Messages: request.Messages},
			"a seed":                with(func(q *eval.Request) { q.Sampling.Seed = ptr(7) }),
			"presence_penalty":      with(func(q *eval.Request) { q.Sampling.PresencePenalty = ptr(1.0) }),
			"has no reasoning":      with(func(q *eval.Request) { q.Effort = "high" }),
			"at least 1024":         with(func(q *eval.Request) { q.ThinkingBudget = ptr(1023) }),
			"leaves nothing":        with(func(q *eval.Request) { q.ThinkingBudget = ptr(8192) }),
			"must be unset, or 1":   with(func(q *eval.Request) { q.ThinkingBudget, q.Sampling.Temperature = ptr(2048), ptr(0.5) }),
			"at least 0.95":         with(func(q *eval.Request) { q.ThinkingBudget, q.Sampling.TopP = ptr(2048), ptr(0.9) }),
			"while it thinks":       with(func(q *eval.Request) { q.ThinkingBudget, q.Prefill = ptr(2048), "4" }),
			"not both":              with(func(q *eval.Request) { q.Sampling.Temperature, q.Sampling.TopP = ptr(0.5), ptr(0.9) }),
			"the Messages API take": with(func(q *eval.Request) { q.Sampling.Temperature = ptr(1.5) }),
		},
		"claude-opus-4-7": {
			"has no thinking budget: give --effort, which is one of low, medium, high, xhigh, max": with(func(q *eval.Request) { q.ThinkingBudget = ptr(2048) }),
			"temperature":                with(func(q *eval.Request) { q.Sampling.Temperature = ptr(0.5) }),
			"cannot begin":               with(func(q *eval.Request) { q.Prefill = "4" }),
			`no reasoning effort "none"`: with(func(q *eval.Request) { q.Effort = "none" }),
		},
		"claude-3-haiku-20240307": {"does not think": with(func(q *eval.Request) { q.ThinkingBudget = ptr(2048) })},
		"claude-fable-5":          {"always thinks": with(func(q *eval.Request) { q.ThinkingBudget = ptr(0) })},
	} {
		takes := []eval.Request{with(func(q *eval.Request) { q.Sampling.Temperature = ptr(1.0) })}
		switch model {
		case "claude-sonnet-4-5-20250929":
			takes = append(takes, with(func(q *eval.Request) { q.ThinkingBudget, q.Sampling.TopP = ptr(1024), ptr(0.95) }),
				with(func(q *eval.Request) { q.ThinkingBudget = ptr(0) }), with(func(q *eval.Request) { q.Prefill = "4" }))
		case "claude-fable-5", "claude-opus-4-7":
			takes = append(takes, with(func(q *eval.Request) { q.Effort = "xhigh" }))
		}
		t.Run(model, func(t *testing.T) {
			evaltest.ProviderContract(t, evaltest.Provider{
				Open: func(t *testing.T, c evaltest.Scene) eval.Runner {
					s := evaltest.NewAnthropic(t, says(c.Reply))
					return played(t, &s.Service, c, "anthropic:"+model+"@"+s.API())
				},
				Request: with(func(*eval.Request) {}), Key: key, Usage: told, Refuses: refuses, Takes: takes,
			})
		})
	}
}

func TestGeminiContract(t *testing.T) {
	with := func(f func(*eval.Request)) eval.Request {
		q := eval.Request{Messages: request.Messages}
		f(&q)
		return q
	}
	budget := func(n int) eval.Request { return with(func(q *eval.Request) { q.ThinkingBudget = &n }) }
	effort := func(level string) eval.Request { return with(func(q *eval.Request) { q.Effort = level }) }
	for model, c := range map[string]struct {
		refuses map[string]eval.Request
		takes   []eval.Request
	}{
		"gemini-2.5-pro": {map[string]eval.Request{
			"a prefill":          with(func(q *eval.Request) { q.Prefill = "4" }),
			"cannot be kept":     budget(0),
			"takes 128 to 32768": budget(40000),
			"no thinking levels": effort("high"),
			"not both":           with(func(q *eval.Request) { q.Effort, q.ThinkingBudget = "high", ptr(512) }),
			"the Gemini API takes 5": with(func(q *eval.Request) {
				q.Sampling.Stop = []string{"1", "2", "3", "4", "5", "6"}
			}),
		}, []eval.Request{budget(-1), budget(128), with(func(q *eval.Request) {
			q.Sampling = eval.Sampling{Temperature: ptr(0.0), TopP: ptr(0.9), MaxTokens: ptr(64), PresencePenalty: ptr(0.5), FrequencyPenalty: ptr(0.5), Seed: ptr(7), Stop: []string{"x"}}
		})}},
		"gemini-2.5-flash-lite":  {map[string]eval.Request{"takes 512 to 24576": budget(100)}, []eval.Request{budget(0), budget(512)}},
		"gemini-3.1-pro-preview": {map[string]eval.Request{"it has low, medium, high": effort("minimal"), "thinks by levels": budget(512)}, []eval.Request{effort("medium")}},
		"gemini-2.0-flash":       {map[string]eval.Request{"does not think": budget(512), "has no reasoning effort": effort("low")}, nil},
	} {
		t.Run(model, func(t *testing.T) {
			evaltest.ProviderContract(t, evaltest.Provider{
				Open: func(t *testing.T, scene evaltest.Scene) eval.Runner {
					s := evaltest.NewGemini(t, says(scene.Reply))
					return played(t, &s.Service, scene, "gemini:"+model+"@"+s.API())
				},
				Request: request, Key: key, Usage: told, Refuses: c.refuses, Takes: c.takes,
			})
		})
	}
}
