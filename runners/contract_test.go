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
