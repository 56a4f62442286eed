package runners_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

func TestOllamaContract(t *testing.T) {
	asked := func(change func(*eval.Request)) eval.Request {
		q := eval.Request{Messages: request.Messages, Sampling: eval.Sampling{MaxTokens: ptr(4096)}}
		change(&q)
		return q
	}
	evaltest.ProviderContract(t, evaltest.Provider{
		Open: func(t *testing.T, c evaltest.Scene) eval.Runner {
			s := evaltest.NewOllama(t, says(c.Reply))
			return played(t, &s.Service, c, "ollama:fake@"+s.URL)
		},
		Request:   asked(func(*eval.Request) {}),
		Usage:     eval.Usage{Prompt: ptr(31), Output: ptr(52)},
		NoRefusal: true,
		Refuses: map[string]eval.Request{
			"prefill":                 asked(func(q *eval.Request) { q.Prefill = "<think>\n" }),
			"no thinking budget":      asked(func(q *eval.Request) { q.ThinkingBudget = ptr(2048) }),
			"contradict":              asked(func(q *eval.Request) { q.ThinkingBudget, q.Effort = ptr(0), "high" }),
			"say the same":            asked(func(q *eval.Request) { q.Effort, q.Extra = "high", map[string]any{"think": true} }),
			"did you mean num_ctx":    asked(func(q *eval.Request) { q.Extra = map[string]any{"num_ctxt": 1} }),
			`"chat_template_kwargs"`:  asked(func(q *eval.Request) { q.Extra = map[string]any{"chat_template_kwargs": nil} }),
			"its parameters are num_": asked(func(q *eval.Request) { q.Extra = map[string]any{"zzzzzzzzzzzzzzz": nil} }),
		},
		Takes: []eval.Request{
			asked(func(q *eval.Request) { q.Effort = "high" }),
			asked(func(q *eval.Request) { q.ThinkingBudget = ptr(0) }),
			asked(func(q *eval.Request) { q.Extra = map[string]any{"min_p": 0.1, "top_k": 20, "keep_alive": "1h"} }),
		},
	})
}

// opened gives the runner of a model spec.
func opened(t *testing.T, spec string, o runners.Options) eval.Runner {
	t.Helper()
	if o.Env == nil {
		o.Env = env
	}
	out, err := runners.Open(spec, o)
	require.NoError(t, err)
	require.Len(t, out, 1)
	return out[0]
}

// ollamaBody gives what Ollama is sent for a request.
func ollamaBody(t *testing.T, r eval.Runner, s *evaltest.Ollama, q eval.Request) map[string]any {
	t.Helper()
	_, err := r.Generate(t.Context(), q)
	require.NoError(t, err)
	bodies := s.Bodies()
	return bodies[len(bodies)-1].Raw
}

func TestOllamaIsSentWhatItsProtocolNames(t *testing.T) {
	s := evaltest.NewOllama(t, says(evaltest.Reply{Text: "4"}))
	r := opened(t, "ollama:fake@"+s.URL, runners.Options{})
	b := ollamaBody(t, r, s, eval.Request{
		Messages: request.Messages,
		Sampling: eval.Sampling{
			Temperature: ptr(0.0), TopP: ptr(0.95), MaxTokens: ptr(32768), PresencePenalty: ptr(1.5), Seed: ptr(7), Stop: []string{"END"},
		},
		Extra: map[string]any{"top_k": 20, "min_p": 0, "repeat_penalty": 1.0, "keep_alive": "1h"},
	})
	assert.Equal(t, map[string]any{
		"temperature": 0.0, "top_p": 0.95, "num_predict": 32768.0, "presence_penalty": 1.5, "seed": 7.0, "stop": []any{"END"},
		"top_k": 20.0, "min_p": 0.0, "repeat_penalty": 1.0, "num_ctx": 40960.0,
	}, b["options"])
	assert.Equal(t, []any{"fake", "1h", false, false, true}, []any{b["model"], b["keep_alive"], b["truncate"], b["shift"], b["stream"]})
	assert.NotContains(t, b, "think")
}

func TestOllamaThinksAsAsked(t *testing.T) {
	var warnings []string
	s := evaltest.NewOllama(t, says(evaltest.Reply{Text: "4"}))
	r := opened(t, "ollama:fake@"+s.URL, runners.Options{Warn: func(w string) { warnings = append(warnings, w) }})
	q := eval.Request{Messages: request.Messages, Sampling: eval.Sampling{MaxTokens: ptr(10)}}
	for effort, want := range map[string]any{"low": "low", "high": "high", "none": false, "max": "max"} {
		q.Effort = effort
		assert.Equal(t, want, ollamaBody(t, r, s, q)["think"], effort)
	}
	q.Effort = ""
	q.ThinkingBudget = ptr(0)
	assert.Equal(t, false, ollamaBody(t, r, s, q)["think"])
	q.ThinkingBudget, q.Extra = nil, map[string]any{"think": true}
	assert.Equal(t, true, ollamaBody(t, r, s, q)["think"])
	require.Len(t, warnings, 1)
	assert.Contains(t, warnings[0], `"max"`)
}

func TestOllamasContextHoldsPromptAndAnswerAndRarelyChanges(t *testing.T) {
	var warnings []string
	s := evaltest.NewOllama(t, says(evaltest.Reply{Text: "4"}))
	r := opened(t, "ollama:fake@"+s.URL, runners.Options{Warn: func(w string) { warnings = append(warnings, w) }})
	context := func(text string, most *int, extra map[string]any) any {
		q := eval.Request{Messages: []eval.Message{{Role: eval.User, Content: text}}, Sampling: eval.Sampling{MaxTokens: most}, Extra: extra}
		return ollamaBody(t, r, s, q)["options"].(map[string]any)["num_ctx"]
	}
	long := strings.Repeat("x ", 10_000)
	assert.Nil(t, context("2+2?", nil, nil))
	assert.Equal(t, 8192.0, context("2+2?", ptr(4096), nil))
	assert.Equal(t, 16384.0, context(long, ptr(4096), nil))
	assert.Equal(t, 16384.0, context("2+2?", ptr(4096), nil), "the model is not loaded anew for less")
	assert.Equal(t, 12345.0, context(long, ptr(4096), map[string]any{"num_ctx": 12345}), "what is given counts")
	context("2+2?", nil, nil)
	assert.Len(t, warnings, 1, "said once: %v", warnings)
}

func TestAPromptWithoutRoomIsAFailureAndNotATruncation(t *testing.T) {
	s := evaltest.NewOllama(t, says(evaltest.Reply{Text: "4"}))
	r := opened(t, "ollama:fake@"+s.URL, runners.Options{})
	_, err := r.Generate(t.Context(), eval.Request{
		Messages: []eval.Message{{Role: eval.User, Content: strings.Repeat("x ", 1000)}}, Extra: map[string]any{"num_ctx": 100},
	})
	f := failure(t, err)
	assert.Equal(t, eval.FailRequest, f.Kind)
	assert.Contains(t, f.Hint, "num_ctx")
}

func TestOllamaOnlyLoadingIsNoAnswer(t *testing.T) {
	for _, reason := range []string{"load", "unload"} {
		s := evaltest.NewOllama(t, says(evaltest.Reply{Stop: eval.Stop(reason)}))
		_, err := opened(t, "ollama:fake@"+s.URL, runners.Options{}).Generate(t.Context(), request)
		assert.Contains(t, failure(t, err).Message, reason)
	}
}

func TestOllamaAtAnAddressOfChatCompletionsSpeaksThose(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	_, err := open(t, s, "ollama:fake", runners.Options{}).Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, "/v1/chat/completions", s.Bodies()[0].Path)
}
