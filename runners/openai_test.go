package runners_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

const key = "sk-canary-0123456789abcdef"

var request = eval.Request{Messages: []eval.Message{{Role: eval.User, Content: "2+2?"}}}

func env(name string) string {
	if name == "OPENAI_API_KEY" {
		return key
	}
	return ""
}

// open gives the runner of a model at a server, without retries.
func open(t *testing.T, s *evaltest.Server, spec string, o runners.Options) eval.Runner {
	t.Helper()
	o.Env = env
	out, err := runners.Open(spec+"@"+s.API(), o)
	require.NoError(t, err)
	require.Len(t, out, 1)
	return out[0]
}

func reply(evaltest.Body) evaltest.Reply {
	return evaltest.Reply{Text: "It is 4.", Reasoning: "two and two"}
}

// raw makes a server send an event stream as it is.
func raw(t *testing.T, stream string) *evaltest.Server {
	s := evaltest.NewServer(t, reply)
	s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprint(w, stream)
		return true
	}
	return s
}

func failure(t *testing.T, err error) *eval.Failure {
	t.Helper()
	var f *eval.Failure
	require.ErrorAs(t, err, &f)
	return f
}

func TestRunnerContract(t *testing.T) {
	evaltest.RunnerContract(t, func(t *testing.T) eval.Runner {
		return open(t, evaltest.NewServer(t, reply), "vllm:fake", runners.Options{})
	}, request)
}

func TestTheThoughtArrivesUnderEveryName(t *testing.T) {
	for _, stream := range []bool{true, false} {
		for style, where := range map[evaltest.Style]string{evaltest.ReasoningContent: "reasoning_content", evaltest.Reasoning: "reasoning", evaltest.InText: "tags"} {
			t.Run(fmt.Sprintf("%s, streamed %v", where, stream), func(t *testing.T) {
				s := evaltest.NewServer(t, reply)
				s.Style = style
				r, err := open(t, s, "vllm:fake", runners.Options{NoStream: !stream}).Generate(t.Context(), request)
				require.NoError(t, err)
				if style == evaltest.InText {
					assert.Equal(t, "<think>two and two</think>It is 4.", r.Raw)
				} else {
					assert.Equal(t, []string{"It is 4.", "two and two"}, []string{r.Raw, r.Reasoning})
				}
				assert.Equal(t, eval.StopEnd, r.Stop)
				assert.Equal(t, "fake", r.Model)
				require.NotNil(t, r.Usage.Output)
				assert.Positive(t, r.Timing.Total)
			})
		}
	}
}

// The seven faults of the client library, each as it would corrupt a run.

func TestFault1ACutStreamIsNotAnAnswer(t *testing.T) {
	s := raw(t, "data: {\"choices\":[{\"delta\":{\"content\":\"It is\"}}]}\n\n")
	_, err := open(t, s, "vllm:fake", runners.Options{}).Generate(t.Context(), request)
	f := failure(t, err)
	assert.Equal(t, eval.FailProtocol, f.Kind)
	assert.True(t, f.Temporary)
	assert.Contains(t, f.Message, "middle of the answer")
	assert.True(t, f.Begun, "what was generated may be billed")
}

func TestFault2AnErrorInAChunkIsAnError(t *testing.T) {
	for name, chunk := range map[string]string{
		"spaced":               `data: { "error": {"message": "overloaded"} }`,
		"inside a usual chunk": `data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}],"error":{"message":"overloaded"}}`,
		"as text":              `data: {"error":"overloaded"}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, raw(t, chunk+"\n\ndata: [DONE]\n\n"), "vllm:fake", runners.Options{}).Generate(t.Context(), request)
			f := failure(t, err)
			assert.Equal(t, eval.FailServer, f.Kind)
			assert.Contains(t, f.Message, "overloaded")
		})
	}
}

func TestFault3AnErrorBehindACommentIsAnError(t *testing.T) {
	for name, stream := range map[string]string{
		"comment":     ": keep-alive\n\ndata: {\"error\":{\"message\":\"overloaded\"}}\n\n",
		"event line":  "event: error\ndata: {\"message\":\"overloaded\"}\n\n",
		"event, text": "event: error\ndata: overloaded\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, raw(t, stream), "vllm:fake", runners.Options{}).Generate(t.Context(), request)
			f := failure(t, err)
			assert.Equal(t, eval.FailServer, f.Kind)
			assert.Contains(t, f.Message, "overloaded")
		})
	}
}

func TestFault4AnErrorInA200IsAnError(t *testing.T) {
	for _, stream := range []bool{true, false} {
		for name, body := range map[string]string{"error": `{"error":{"message":"no such luck","code":17}}`, "no choices": `{"choices":[]}`} {
			t.Run(fmt.Sprintf("%s, streamed %v", name, stream), func(t *testing.T) {
				s := evaltest.NewServer(t, reply)
				s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
					w.Header().Set("Content-Type", "application/json")
					_, _ = fmt.Fprint(w, body)
					return true
				}
				_, err := open(t, s, "vllm:fake", runners.Options{NoStream: !stream}).Generate(t.Context(), request)
				f := failure(t, err)
				assert.Contains(t, []string{eval.FailServer, eval.FailProtocol}, f.Kind)
			})
		}
	}
}

func TestFault5KeepAliveCommentsAreNotTooManyEmptyMessages(t *testing.T) {
	s := raw(t, strings.Repeat(": keep-alive\n\n", 5000)+"data: {\"choices\":[{\"delta\":{\"content\":\"4\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	r, err := open(t, s, "vllm:fake", runners.Options{}).Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, "4", r.Raw)
}

func TestFault6ANameLikeAReasoningModelsRefusesNoSampling(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	zero, p, n := 0.5, 0.9, 64
	q := request
	q.Sampling = eval.Sampling{Temperature: &zero, TopP: &p, MaxTokens: &n}
	for _, stream := range []bool{true, false} {
		_, err := open(t, s, "vllm:o3-mini-clone", runners.Options{NoStream: !stream}).Generate(t.Context(), q)
		require.NoError(t, err)
	}
	for _, b := range s.Bodies() {
		assert.Equal(t, []any{0.5, 0.9, 64.0, "o3-mini-clone"}, []any{b.Raw["temperature"], b.Raw["top_p"], b.Raw["max_tokens"], b.Raw["model"]})
	}
}

func TestFault7AnEmptyMessageIsSent(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	q := eval.Request{Messages: []eval.Message{{Role: eval.System, Content: ""}, {Role: eval.User, Content: "x"}}}
	_, err := open(t, s, "vllm:fake", runners.Options{}).Generate(t.Context(), q)
	require.NoError(t, err)
	list := s.Bodies()[0].Raw["messages"].([]any)
	assert.Equal(t, "", list[0].(map[string]any)["content"])
}

func TestZeroIsSentAndUnsetIsNot(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	zero := 0.0
	q := request
	q.Sampling.Temperature = &zero
	q.Extra = map[string]any{"top_k": 20, "min_p": 0, "chat_template_kwargs": map[string]any{"enable_thinking": true}}
	q.Effort = "high"
	for _, stream := range []bool{true, false} {
		_, err := open(t, s, "vllm:fake", runners.Options{NoStream: !stream}).Generate(t.Context(), q)
		require.NoError(t, err)
	}
	for _, b := range s.Bodies() {
		assert.Equal(t, 0.0, b.Raw["temperature"])
		assert.Equal(t, []any{20.0, 0.0, "high"}, []any{b.Raw["top_k"], b.Raw["min_p"], b.Raw["reasoning_effort"]})
		assert.Equal(t, map[string]any{"enable_thinking": true}, b.Raw["chat_template_kwargs"])
		for _, unset := range []string{"top_p", "max_tokens", "max_completion_tokens", "seed", "stop", "presence_penalty", "n"} {
			assert.NotContains(t, b.Raw, unset)
		}
	}
}

func TestStopReasons(t *testing.T) {
	for finish, want := range map[string]eval.Stop{"stop": eval.StopEnd, "length": eval.StopLength, "content_filter": eval.StopRefusal} {
		s := evaltest.NewServer(t, func(evaltest.Body) evaltest.Reply { return evaltest.Reply{Text: "x", Stop: eval.Stop(finish)} })
		r, err := open(t, s, "vllm:fake", runners.Options{}).Generate(t.Context(), request)
		require.NoError(t, err)
		assert.Equal(t, want, r.Stop, finish)
	}
}

func status(t *testing.T, code int, body string, header ...string) *evaltest.Server {
	s := evaltest.NewServer(t, reply)
	s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = fmt.Fprint(w, body)
		return true
	}
	return s
}

func TestStatusesBecomeFailuresThatSayWhatToDo(t *testing.T) {
	for _, stream := range []bool{true, false} {
		for _, c := range []struct {
			code       int
			body, kind string
			temporary  bool
			says       string
		}{
			{401, `{"error":{"message":"bad key"}}`, eval.FailAuth, false, "OPENAI_API_KEY"},
			{404, `{"detail":"Not Found"}`, eval.FailRequest, false, "/v1"},
			{400, `{"error":{"message":"bad temperature"}}`, eval.FailRequest, false, "bad temperature"},
			{429, `{"error":{"message":"slow down"}}`, eval.FailRateLimit, true, "slow down"},
			{500, `oops`, eval.FailServer, true, "oops"},
			{503, ``, eval.FailServer, true, "503"},
		} {
			_, err := open(t, status(t, c.code, c.body, "Retry-After", "7"), "openai:gpt-x", runners.Options{NoStream: !stream}).Generate(t.Context(), request)
			f := failure(t, err)
			assert.Equal(t, []any{c.kind, c.temporary, c.code, 7 * time.Second}, []any{f.Kind, f.Temporary, f.Status, f.RetryAfter})
			assert.Contains(t, f.Message, c.says)
		}
	}
}

func TestAQuotaThatIsUsedUpIsNotTriedAgain(t *testing.T) {
	s := status(t, 429, `{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}`)
	_, err := open(t, s, "openai:gpt-x", runners.Options{}).Generate(t.Context(), request)
	f := failure(t, err)
	assert.Equal(t, eval.FailRateLimit, f.Kind)
	assert.False(t, f.Temporary)
	assert.Contains(t, f.Hint, "billing")
}

func TestAFullContextIsTruncation(t *testing.T) {
	s := status(t, 400, `{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 9000","code":"context_length_exceeded"}}`)
	r, err := open(t, s, "vllm:fake", runners.Options{}).Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, eval.StopLength, r.Stop)
}

func TestAWebPageNamesTheAddress(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><title>hello</title>")
		return true
	}
	_, err := open(t, s, "vllm:fake", runners.Options{}).Generate(t.Context(), request)
	assert.Contains(t, failure(t, err).Message, "/v1")
}

func TestTheKeyIsSentAndNeverShown(t *testing.T) {
	echo := fmt.Sprintf(`{"error":{"message":"Incorrect key Bearer %s or %s or %s"}}`, key,
		base64.StdEncoding.EncodeToString([]byte(key)), base64.StdEncoding.EncodeToString([]byte("Bearer "+key)))
	for _, stream := range []bool{true, false} {
		s := status(t, 401, echo)
		r := open(t, s, "openai:gpt-x", runners.Options{NoStream: !stream})
		_, err := r.Generate(t.Context(), request)
		f := failure(t, err)
		assert.Equal(t, "Bearer "+key, s.Bodies()[0].Header.Get("Authorization"))
		for _, shown := range []string{f.Message, fmt.Sprintf("%+v %#v %v", r, r, f)} {
			assert.NotContains(t, shown, key)
			assert.NotContains(t, shown, base64.StdEncoding.EncodeToString([]byte(key))[:30])
		}
	}
}

func TestAKeyMayLieInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(path, []byte("sk-from-file\n"), 0o600))
	s := evaltest.NewServer(t, reply)
	out, err := runners.Open("openai:x@"+s.API(), runners.Options{Env: func(n string) string {
		return map[string]string{"OPENAI_API_KEY_FILE": path}[n]
	}})
	require.NoError(t, err)
	_, err = out[0].Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, "Bearer sk-from-file", s.Bodies()[0].Header.Get("Authorization"))
}

func TestAPrefillBeginsTheAnswerWhereItCan(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	q := request
	q.Prefill = "<think>\n"
	_, err := open(t, s, "vllm:fake", runners.Options{}).Generate(t.Context(), q)
	require.NoError(t, err)
	b := s.Bodies()[0]
	assert.Equal(t, eval.Message{Role: eval.Assistant, Content: "<think>\n"}, b.Messages[1])
	assert.Equal(t, []any{true, false}, []any{b.Raw["continue_final_message"], b.Raw["add_generation_prompt"]})
	_, err = open(t, s, "ollama:fake", runners.Options{}).Generate(t.Context(), q)
	assert.Equal(t, eval.FailRequest, failure(t, err).Kind)
}

func TestAStalledStreamIsATimeOut(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	s.Fault = func(w http.ResponseWriter, r *http.Request, _ evaltest.Body) bool {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	}
	_, err := open(t, s, "vllm:fake", runners.Options{Stall: 50 * time.Millisecond}).Generate(t.Context(), request)
	f := failure(t, err)
	assert.Equal(t, eval.FailTimeout, f.Kind)
	assert.True(t, f.Temporary)
}

func TestNothingAtTheAddress(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	r := open(t, s, "vllm:fake", runners.Options{})
	s.Close()
	_, err := r.Generate(t.Context(), request)
	f := failure(t, err)
	assert.Equal(t, eval.FailConnection, f.Kind)
	assert.Contains(t, f.Message, "is the server running")
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	for spec, says := range map[string]string{
		"gpt-4":                "KIND:MODEL",
		"olama:x":              "did you mean ollama",
		"martian:x":            "the kinds are openai",
		"vllm:":                "name is missing",
		"vllm:x@http://":       "no address",
		"openai:x":             "OPENAI_API_KEY_FILE",
		"replay:missing.jsonl": "missing.jsonl",
	} {
		_, err := runners.Open(spec, runners.Options{Env: func(string) string { return "" }})
		assert.ErrorContains(t, err, says, spec)
	}
}
