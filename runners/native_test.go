package runners_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

// asked gives the body that a model's service got for a request.
func asked(t *testing.T, s *evaltest.Service, spec string, q eval.Request) evaltest.Body {
	t.Helper()
	_, err := played(t, s, evaltest.Scene{}, spec).Generate(t.Context(), q)
	require.NoError(t, err)
	all := s.Bodies()
	return all[len(all)-1]
}

// conversation is one with a system message.
var conversation = []eval.Message{
	{Role: eval.System, Content: "Be brief."}, {Role: eval.User, Content: "2+2?"},
	{Role: eval.Assistant, Content: "4"}, {Role: eval.User, Content: "And 3+3?"},
}

func TestResponsesRequest(t *testing.T) {
	s := evaltest.NewResponses(t, reply)
	b := asked(t, &s.Service, "openai-responses:o3@"+s.API(), eval.Request{Messages: conversation, Effort: "high", Sampling: eval.Sampling{MaxTokens: ptr(64)},
		Extra: map[string]any{"reasoning": map[string]any{"summary": "detailed"}}})
	assert.Equal(t, map[string]any{"effort": "high", "summary": "detailed"}, b.Raw["reasoning"], "what is passed through is put over field by field")
	assert.Equal(t, []any{false, 64.0, true}, []any{b.Raw["store"], b.Raw["max_output_tokens"], b.Raw["stream"]})
	assert.Equal(t, []eval.Role{"developer", "user", "assistant", "user"}, roles(b))
	b = asked(t, &s.Service, "openai-responses:gpt-4o@"+s.API(), eval.Request{Messages: conversation, Sampling: eval.Sampling{Temperature: ptr(0.0)}})
	assert.NotContains(t, b.Raw, "reasoning", "models that do not think refuse it")
	assert.Equal(t, 0.0, b.Raw["temperature"])
	assert.Equal(t, eval.Role("system"), b.Messages[0].Role)
}

func roles(b evaltest.Body) (out []eval.Role) {
	for _, m := range b.Messages {
		out = append(out, m.Role)
	}
	return out
}

func TestAnthropicRequest(t *testing.T) {
	s := evaltest.NewAnthropic(t, reply)
	few := eval.Sampling{MaxTokens: ptr(8192), Stop: []string{"END"}}
	b := asked(t, &s.Service, "anthropic:claude-sonnet-4-5@"+s.API(), eval.Request{Messages: conversation, Sampling: few, ThinkingBudget: ptr(2048)})
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
		b := asked(t, &s.Service, "anthropic:"+c.model+"@"+s.API(), eval.Request{Messages: conversation, Sampling: few, Effort: c.effort, ThinkingBudget: c.budget, Extra: c.extra})
		assert.Equal(t, c.thinking, b.Raw["thinking"], "%+v", c)
		if c.effort != "" {
			assert.Equal(t, map[string]any{"effort": c.effort}, b.Raw["output_config"])
		}
	}
	b = asked(t, &s.Service, "anthropic:claude-sonnet-4-5@"+s.API(), eval.Request{Messages: conversation, Sampling: few, Prefill: "The"})
	assert.Equal(t, eval.Message{Role: eval.Assistant, Content: "The"}, b.Messages[3])
}

func TestGeminiRequest(t *testing.T) {
	s := evaltest.NewGemini(t, reply)
	ask := func(model string, q eval.Request) (evaltest.Body, map[string]any) {
		q.Messages = conversation
		b := asked(t, &s.Service, "gemini:"+model+"@"+s.API(), q)
		config, _ := b.Raw["generationConfig"].(map[string]any)
		return b, config
	}
	b, config := ask("gemini-2.5-flash", eval.Request{
		Sampling: eval.Sampling{Temperature: ptr(0.0), TopP: ptr(0.9), MaxTokens: ptr(64), Seed: ptr(7), Stop: []string{"END"}},
		Extra:    map[string]any{"generationConfig": map[string]any{"topK": 20}}, ThinkingBudget: ptr(512),
	})
	assert.Equal(t, "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", b.Path, "the key is not in the address")
	assert.Equal(t, key, b.Header.Get("X-Goog-Api-Key"))
	assert.Equal(t, map[string]any{"parts": []any{map[string]any{"text": "Be brief."}}}, b.Raw["systemInstruction"])
	assert.Equal(t, []eval.Role{"user", "model", "user"}, roles(b))
	assert.Equal(t, map[string]any{"temperature": 0.0, "topP": 0.9, "maxOutputTokens": 64.0, "seed": 7.0, "stopSequences": []any{"END"}, "topK": 20.0,
		"thinkingConfig": map[string]any{"includeThoughts": true, "thinkingBudget": 512.0}}, config)
	for _, c := range []struct {
		model string
		q     eval.Request
		want  any
	}{
		{"gemini-2.5-flash", eval.Request{}, map[string]any{"includeThoughts": true}},
		{"gemini-2.5-flash", eval.Request{ThinkingBudget: ptr(0)}, map[string]any{"thinkingBudget": 0.0}},
		{"gemini-2.5-pro", eval.Request{ThinkingBudget: ptr(-1)}, map[string]any{"includeThoughts": true, "thinkingBudget": -1.0}},
		{"gemini-3-flash-preview", eval.Request{Effort: "minimal"}, map[string]any{"includeThoughts": true, "thinkingLevel": "minimal"}},
		{"gemini-flash-latest", eval.Request{}, map[string]any{"includeThoughts": true}},
		{"gemini-2.0-flash", eval.Request{}, nil},
		{"gemma-3-27b-it", eval.Request{}, nil},
	} {
		_, config := ask(c.model, c.q)
		assert.Equal(t, c.want, config["thinkingConfig"], "%+v", c)
	}
}

func TestABlockedPromptIsARefusal(t *testing.T) {
	s := evaltest.NewGemini(t, reply)
	s.Blocked = "SAFETY"
	for _, whole := range []bool{false, true} {
		r, err := played(t, &s.Service, evaltest.Scene{Whole: whole}, "gemini:gemini-2.5-pro@"+s.API()).Generate(t.Context(), request)
		require.NoError(t, err)
		assert.Equal(t, []any{eval.StopRefusal, "", "fake-001"}, []any{r.Stop, r.Raw, r.Model})
	}
}

func TestAWrongKeyOfGeminiIsOne(t *testing.T) {
	s := evaltest.NewGemini(t, reply)
	s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}`)
		return true
	}
	_, err := played(t, &s.Service, evaltest.Scene{}, "gemini:gemini-2.5-pro@"+s.API()).Generate(t.Context(), request)
	f := failure(t, err)
	assert.Equal(t, []any{eval.FailAuth, "is GEMINI_API_KEY right?", false}, []any{f.Kind, f.Hint, f.Temporary})
}

func TestAThoughtThatIsOnlyBilledIsCounted(t *testing.T) {
	s := evaltest.NewResponses(t, says(evaltest.Reply{Text: "4", Reasoning: "secret", Usage: &told}))
	s.Hidden = true
	for _, whole := range []bool{false, true} {
		r, err := played(t, &s.Service, evaltest.Scene{Whole: whole}, "openai-responses:o3@"+s.API()).Generate(t.Context(), request)
		require.NoError(t, err)
		assert.Equal(t, []any{"4", "", 40}, []any{r.Raw, r.Reasoning, *r.Usage.Reasoning})
	}
}

// streamed sends events as they are, and gives what the runner makes of them.
func streamed(t *testing.T, spec, events string) (eval.Response, error) {
	t.Helper()
	s := evaltest.NewResponses(t, reply)
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprint(w, events)
	})
	s.Config.Handler = handler
	q := request
	q.Sampling.MaxTokens = ptr(64)
	return played(t, &s.Service, evaltest.Scene{}, spec+"@"+s.URL).Generate(t.Context(), q)
}

func TestHowNativeStreamsEnd(t *testing.T) {
	const (
		o = "openai-responses:m"
		a = "anthropic:m"
		g = "gemini:m"
	)
	for name, c := range map[string]struct {
		spec, events string
		stop         eval.Stop
		fails        string
		temporary    bool
	}{
		"responses: filtered":      {o, `data: {"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}}`, eval.StopRefusal, "", false},
		"responses: failed":        {o, `data: {"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow down"}}}`, "", eval.FailRateLimit, true},
		"responses: a bad prompt":  {o, `data: {"type":"response.failed","response":{"status":"failed","error":{"code":"invalid_prompt","message":"no"}}}`, "", eval.FailRequest, false},
		"responses: bare error":    {o, "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"oops\"}", "", eval.FailServer, true},
		"responses: nested error":  {o, `data: {"type":"error","error":{"type":"server_error","message":"oops"}}`, "", eval.FailServer, true},
		"responses: no deltas":     {o, `data: {"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"4"}]}]}}`, eval.StopEnd, "", false},
		"responses: text, no end":  {o, `data: {"type":"response.output_text.delta","delta":"4"}`, "", eval.FailProtocol, true},
		"anthropic: overloaded":    {a, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", "", eval.FailServer, true},
		"anthropic: rate limit":    {a, `data: {"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}`, "", eval.FailRateLimit, true},
		"anthropic: bad request":   {a, `data: {"type":"error","error":{"type":"invalid_request_error","message":"no"}}`, "", eval.FailRequest, false},
		"anthropic: context full":  {a, `data: {"type":"message_delta","delta":{"stop_reason":"model_context_window_exceeded"}}`, "", eval.FailProtocol, true},
		"anthropic: context used":  {a, "data: {\"type\":\"message_start\",\"message\":{}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"model_context_window_exceeded\"}}", eval.StopLength, "", false},
		"anthropic: stop sequence": {a, "data: {\"type\":\"message_start\",\"message\":{}}\n\ndata: {\"type\":\"new_kind\"}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"stop_sequence\"}}", eval.StopEnd, "", false},
		"gemini: recitation":       {g, `data: {"candidates":[{"finishReason":"RECITATION"}]}`, eval.StopRefusal, "", false},
		"gemini: malformed":        {g, `data: {"candidates":[{"finishReason":"MALFORMED_RESPONSE"}]}`, "", eval.FailServer, true},
		"gemini: other":            {g, `data: {"candidates":[{"finishReason":"OTHER"}]}`, "OTHER", "", false},
		"gemini: quota":            {g, `data: {"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}`, "", eval.FailRateLimit, true},
		"gemini: nothing":          {g, `data: {"usageMetadata":{"promptTokenCount":3}}`, "", eval.FailProtocol, true},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := streamed(t, c.spec, c.events+"\n\n")
			if c.fails == "" {
				require.NoError(t, err)
				assert.Equal(t, c.stop, r.Stop)
				return
			}
			f := failure(t, err)
			assert.Equal(t, []any{c.fails, c.temporary, true}, []any{f.Kind, f.Temporary, f.Begun}, f.Message)
		})
	}
}

func TestSummariesAndBlocksOfThoughtStandApart(t *testing.T) {
	r, err := streamed(t, "openai-responses:m", `data: {"type":"response.reasoning_summary_part.added","summary_index":0}

data: {"type":"response.reasoning_summary_text.delta","delta":"one"}

data: {"type":"response.reasoning_summary_part.added","summary_index":1}

data: {"type":"response.reasoning_summary_text.delta","delta":"two"}

data: {"type":"response.reasoning_text.delta","delta":"the whole thought again"}

data: {"type":"response.completed","response":{"status":"completed"}}

`)
	require.NoError(t, err)
	assert.Equal(t, "one\n\ntwo", r.Reasoning)
	r, err = streamed(t, "anthropic:m", `data: {"type":"content_block_start","content_block":{"type":"thinking","thinking":"one"}}

data: {"type":"content_block_start","content_block":{"type":"thinking","thinking":""}}

data: {"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"two"}}

data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}

`)
	require.NoError(t, err)
	assert.Equal(t, "one\n\ntwo", r.Reasoning)
}

func TestWhatIsSpentIsKnownOfAFailure(t *testing.T) {
	r, err := streamed(t, "anthropic:m", `data: {"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1}}}

data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

`)
	require.Error(t, err)
	assert.Equal(t, []any{25, 1}, []any{*r.Usage.Prompt, *r.Usage.Output})
}

func TestModelsOfOpenAIAreAskedAsTheyWant(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	b := asked(t, &s.Service, "openai:o3-mini@"+s.API(), eval.Request{Messages: conversation, Effort: "low", Sampling: eval.Sampling{MaxTokens: ptr(64), Seed: ptr(7)}})
	assert.Equal(t, []any{64.0, "low", 7.0}, []any{b.Raw["max_completion_tokens"], b.Raw["reasoning_effort"], b.Raw["seed"]})
	assert.Equal(t, eval.Role("developer"), b.Messages[0].Role)
	for _, c := range []struct {
		model, says string
		q           eval.Request
	}{
		{"o3", "temperature", eval.Request{Sampling: eval.Sampling{Temperature: ptr(0.6)}}},
		{"o4-mini", "top_p and stop strings", eval.Request{Sampling: eval.Sampling{TopP: ptr(0.9), Stop: []string{"x"}}}},
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
	b := asked(t, &s.Service, "deepseek:m@"+s.API(), eval.Request{Messages: conversation, Effort: "none"})
	assert.Equal(t, []any{off, nil}, []any{b.Raw["thinking"], b.Raw["reasoning_effort"]})
	b = asked(t, &s.Service, "deepseek:m@"+s.API(), eval.Request{Messages: conversation, ThinkingBudget: ptr(0)})
	assert.Equal(t, off, b.Raw["thinking"])
	b = asked(t, &s.Service, "deepseek:m@"+s.API(), eval.Request{Messages: conversation, Effort: "max"})
	assert.Equal(t, []any{nil, "max"}, []any{b.Raw["thinking"], b.Raw["reasoning_effort"]})
	b = asked(t, &s.Service, "openrouter:m@"+s.API(), eval.Request{Messages: conversation, Effort: "xhigh"})
	assert.Equal(t, []any{map[string]any{"effort": "xhigh"}, nil}, []any{b.Raw["reasoning"], b.Raw["reasoning_effort"]})
	b = asked(t, &s.Service, "openrouter:m@"+s.API(), eval.Request{Messages: conversation, ThinkingBudget: ptr(2000)})
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
