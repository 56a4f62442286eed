package runners_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
)

// asked gives the body that a model's service got for a request.
func asked(t *testing.T, s *evaltest.Service, spec string, q eval.Request) evaltest.Body {
	t.Helper()
	_, err := played(t, s, evaltest.Scene{}, spec).Generate(t.Context(), q)
	require.NoError(t, err)
	all := s.Bodies()
	return all[len(all)-1]
}

// dialogue is one with a system message.
var dialogue = []eval.Message{
	{Role: eval.System, Content: "Be brief."}, {Role: eval.User, Content: "2+2?"},
	{Role: eval.Assistant, Content: "4"}, {Role: eval.User, Content: "And 3+3?"},
}

func TestResponsesRequest(t *testing.T) {
	s := evaltest.NewResponses(t, reply)
	b := asked(t, &s.Service, "openai-responses:o3@"+s.API(), eval.Request{Messages: dialogue, Effort: "high", Sampling: eval.Sampling{MaxTokens: ptr(64)},
		Extra: map[string]any{"reasoning": map[string]any{"summary": "detailed"}}})
	assert.Equal(t, map[string]any{"effort": "high", "summary": "detailed"}, b.Raw["reasoning"], "what is passed through is put over field by field")
	assert.Equal(t, []any{false, 64.0, true}, []any{b.Raw["store"], b.Raw["max_output_tokens"], b.Raw["stream"]})
	assert.Equal(t, []eval.Role{"developer", "user", "assistant", "user"}, roles(b))
	b = asked(t, &s.Service, "openai-responses:gpt-4o@"+s.API(), eval.Request{Messages: dialogue, Sampling: eval.Sampling{Temperature: ptr(0.0)}})
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

// refused makes a service refuse everything with this body.
func refused(s *evaltest.Service, body string) {
	s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, body)
		return true
	}
}

func TestWhoMayNotSeeSummariesIsTold(t *testing.T) {
	s := evaltest.NewResponses(t, reply)
	refused(&s.Service, `{"error":{"message":"Your organization must be verified to generate reasoning summaries.","param":"reasoning.summary","code":"unsupported_value"}}`)
	_, err := played(t, &s.Service, evaltest.Scene{}, "openai-responses:o3@"+s.API()).Generate(t.Context(), request)
	assert.Contains(t, failure(t, err).Hint, `--param 'reasoning={"summary":null}'`)
	s.Fault = nil
	b := asked(t, &s.Service, "openai-responses:o3@"+s.API(), eval.Request{Messages: dialogue, Effort: "low", Extra: map[string]any{"reasoning": map[string]any{"summary": nil}}})
	assert.Equal(t, map[string]any{"effort": "low", "summary": nil}, b.Raw["reasoning"])
}

func TestAPromptThatFillsTheContextIsTruncation(t *testing.T) {
	s := evaltest.NewAnthropic(t, reply)
	refused(&s.Service, `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}`)
	q := request
	q.Sampling.MaxTokens = ptr(64)
	r, err := played(t, &s.Service, evaltest.Scene{}, "anthropic:claude-sonnet-4-5@"+s.API()).Generate(t.Context(), q)
	require.NoError(t, err)
	assert.Equal(t, eval.StopLength, r.Stop)
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
		"anthropic: no permission": {a, `data: {"type":"error","error":{"type":"permission_error","message":"no"}}`, "", eval.FailAuth, false},
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

// everyone are runners of all protocols, each over a fake of its service.
func everyone(t *testing.T, whole bool, fault func(http.ResponseWriter, *http.Request, evaltest.Body) bool) map[string]eval.Runner {
	chat, responses, anthropic, gemini := evaltest.NewServer(t, reply), evaltest.NewResponses(t, reply), evaltest.NewAnthropic(t, reply), evaltest.NewGemini(t, reply)
	out := map[string]eval.Runner{}
	for spec, s := range map[string]*evaltest.Service{
		"vllm:m@" + chat.API(): &chat.Service, "openai-responses:m@" + responses.API(): &responses.Service,
		"anthropic:m@" + anthropic.API(): &anthropic.Service, "gemini:m@" + gemini.API(): &gemini.Service,
	} {
		s.Fault = fault
		out[spec] = played(t, s, evaltest.Scene{Whole: whole}, spec)
	}
	return out
}

func TestFaultsOfServersBetweenAreNamed(t *testing.T) {
	answer := func(status int, kind, body string) func(http.ResponseWriter, *http.Request, evaltest.Body) bool {
		return func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
			return true
		}
	}
	q := request
	q.Sampling.MaxTokens = ptr(64)
	for name, c := range map[string]struct {
		fault            func(http.ResponseWriter, *http.Request, evaltest.Body) bool
		kind             string
		temporary, begun bool
	}{
		"429 without a wish":        {answer(429, "text/plain", "slow down"), eval.FailRateLimit, true, false},
		"500 with a web page":       {answer(500, "text/html", "<h1>oops</h1>"), eval.FailServer, true, false},
		"502 of a proxy":            {answer(502, "text/html", "<h1>Bad Gateway</h1>"), eval.FailServer, true, false},
		"events under a wrong name": {answer(200, "text/plain", "data: {}\n\n"), eval.FailProtocol, true, true},
		"JSON of something else":    {answer(200, "application/json", `{"hello":"world"}`), eval.FailProtocol, true, true},
		"a list":                    {answer(200, "application/json", `[]`), eval.FailProtocol, true, true},
		"a piece of something else": {answer(200, "text/event-stream", "data: 7\n\n"), eval.FailProtocol, true, true},
		"only comments":             {answer(200, "text/event-stream", strings.Repeat(": keep-alive\n\n", 1000)), eval.FailProtocol, true, true},
		"a redirect":                {answer(302, "text/plain", ""), eval.FailRequest, false, false},
	} {
		for _, whole := range []bool{false, true} {
			for spec, r := range everyone(t, whole, c.fault) {
				_, err := r.Generate(t.Context(), q)
				f := failure(t, err)
				assert.Equal(t, []any{c.kind, c.temporary, c.begun}, []any{f.Kind, f.Temporary, f.Begun}, "%s at %s, whole %v: %s", name, spec, whole, f.Message)
			}
		}
	}
}
