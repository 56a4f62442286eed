package runners_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

const (
	piece  = `data: {"choices":[{"index":0,"delta":{"content":"It is 4."},"finish_reason":null}]}` + "\n\n"
	ending = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	done   = "data: [DONE]\n\n"
)

// An answer that the server sends twice, or several of which it sends at once, would
// be read as one that the model never gave.
func TestStreamsThatHoldMoreThanOneAnswer(t *testing.T) {
	second := strings.ReplaceAll(piece, `"index":0`, `"index":1`)
	for name, c := range map[string]struct{ stream, why string }{
		"twice":            {piece + ending + piece + ending + done, "went on after the end"},
		"twice, each done": {piece + ending + done + piece + ending + done, "went on after the end"},
		"done before":      {piece + done + piece + ending, "went on after the end"},
		"two at once":      {piece + second + ending + done, "several answers"},
		"two in one piece": {`data: {"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}` + "\n\n" + ending, "several answers"},
		"cut":              {piece, "in the middle"},
		"no reason":        {piece + done, "no finish_reason"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, raw(t, c.stream), "openai:m", runners.Options{}).Generate(t.Context(), request)
			f := failure(t, err)
			assert.Equal(t, []any{eval.FailProtocol, http.StatusOK}, []any{f.Kind, f.Status})
			assert.Contains(t, f.Message, c.why)
			assert.NotEmpty(t, f.Hint)
		})
	}
	for name, stream := range map[string]string{
		"a reason in each piece":  strings.Repeat(strings.ReplaceAll(piece, "null", `"stop"`), 2) + done,
		"counts behind the end":   piece + ending + `data: {"choices":[],"usage":{"prompt_tokens":1}}` + "\n\n" + done,
		"the end said twice":      piece + ending + ending + done,
		"another index than zero": strings.ReplaceAll(piece+ending, `"index":0`, `"index":3`) + done,
		"no [DONE]":               piece + ending,
	} {
		out, err := open(t, raw(t, stream), "openai:m", runners.Options{}).Generate(t.Context(), request)
		require.NoError(t, err, name)
		assert.Equal(t, eval.StopEnd, out.Stop, name)
	}
}

// A server may say the key wherever it can say anything.
func TestTheKeyIsNeverRepeated(t *testing.T) {
	says := func(stream string) *evaltest.Server { return raw(t, stream) }
	out, err := open(t, says(fmt.Sprintf(`data: {"model":"%[1]s","system_fingerprint":"Bearer %[1]s","choices":[{"delta":{"reasoning_content":"%[1]s","content":"your key is %[1]s"},"finish_reason":"%[1]s"}]}`, key)+"\n\n"), "openai:m", runners.Options{}).Generate(t.Context(), request)
	require.NoError(t, err)
	text, err := json.Marshal(out)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "canary")
	assert.Equal(t, "your key is [redacted]", out.Raw)

	for n := range 320 { // wherever the message is cut
		s := says(`data: {"error":{"message":"` + strings.Repeat("p", n) + " " + key + ` no"}}` + "\n\n")
		_, err := open(t, s, "openai:m", runners.Options{}).Generate(t.Context(), request)
		f := failure(t, err)
		require.NotContains(t, f.Message+f.Hint, key[:6], "%d characters before the key", n)
		s.Close()
	}
	s := evaltest.NewServer(t, reply)
	s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		w.Header().Set("Location", "http://elsewhere.example/?key="+url.QueryEscape("a+b/"+key))
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	}
	_, err = open(t, s, "openai:m", runners.Options{}).Generate(t.Context(), request)
	assert.NotContains(t, failure(t, err).Hint, "canary")
}

// What is passed through goes over what evalr sends field by field, so that an
// effort is not lost beside it.
func TestAnObjectIsPassedThroughFieldByField(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	q := request
	q.Effort, q.Extra = "high", map[string]any{"reasoning": map[string]any{"exclude": true}, "stream_options": map[string]any{"x": 1}}
	out, err := runners.Open("openrouter:m@"+s.API(), runners.Options{Env: func(string) string { return key }})
	require.NoError(t, err)
	_, err = out[0].Generate(t.Context(), q)
	require.NoError(t, err)
	sent := s.Bodies()[0].Raw
	assert.Equal(t, map[string]any{"effort": "high", "exclude": true}, sent["reasoning"])
	assert.Equal(t, map[string]any{"include_usage": true, "x": 1.0}, sent["stream_options"])
}

func TestWhatGoesNotWithAThought(t *testing.T) {
	few, topK := eval.Sampling{MaxTokens: ptr(8192)}, map[string]any{"top_k": 20.0}
	for model, c := range map[string]struct {
		q   eval.Request
		why string
	}{
		"anthropic:claude-opus-4-7":   {eval.Request{Sampling: few, Extra: topK}, "top_k"},
		"anthropic:claude-sonnet-4-5": {eval.Request{Sampling: few, ThinkingBudget: ptr(2048), Extra: topK}, "top_k"},
		"anthropic:claude-opus-4-8":   {eval.Request{Sampling: eval.Sampling{MaxTokens: ptr(1), TopP: ptr(1.0)}}, "top_p"},
		"gemini:gemini-2.5-pro":       {eval.Request{Extra: topK}, `{"topK":20}`},
	} {
		out, err := runners.Open(model, runners.Options{Env: func(string) string { return key }})
		require.NoError(t, err)
		assert.ErrorContains(t, eval.Vet(out[0], c.q), c.why, model)
	}
}

// What is wrong with an address may be a secret in it, and what goes elsewhere than
// meant takes the key along.
func TestAddressesThatAreNone(t *testing.T) {
	for address, why := range map[string]string{
		"https://host/v1?api_key=canary":   "holds a ?",
		"https://host/v1#canary":           "holds a ?",
		"https://host/v1?":                 "holds a ?",
		"https://me:canary@host/v1":        "user name",
		"https://m%er:canary@host/v1":      "no address",
		"http://":                          "no address",
		"ftp://host/canary":                "http:// or https://",
		"https://host/" + key + "/v1":      "holds the key",
		"https://host/v1@ftp://me:canary@": "no address",
	} {
		for _, kind := range []string{"openai", "ollama"} {
			if kind == "ollama" && why == "holds the key" {
				continue // has none
			}
			_, err := runners.Open(kind+":m@"+address, runners.Options{Env: env})
			require.ErrorContains(t, err, why, address)
			assert.NotContains(t, err.Error(), "canary")
			assert.NotContains(t, err.Error(), "given by  ")
		}
	}
	p, err := runners.Parse("openai:org/m@2024@HTTPS://Host/v1/")
	require.NoError(t, err)
	assert.Equal(t, []string{"org/m@2024", "HTTPS://Host/v1"}, []string{p.Model, p.Base})
}

// A negative count would give money back to the budget.
func TestNegativeCountsAreUnknown(t *testing.T) {
	counts := `data: {"choices":[],"usage":{"prompt_tokens":-5,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":-1}}}` + "\n\n"
	for _, stream := range []string{piece + ending + counts + done, counts + piece} { // an answer, and one that is cut
		out, _ := open(t, raw(t, stream), "openai:m", runners.Options{}).Generate(t.Context(), request)
		assert.Equal(t, eval.Usage{Output: ptr(3)}, out.Usage)
	}
}

// A stream without an end is bounded by the text of an answer, as one in one piece is.
func TestAnAnswerWithoutEnd(t *testing.T) {
	s := evaltest.NewServer(t, reply)
	big := []byte(strings.ReplaceAll(piece, "It is 4.", strings.Repeat("x", 1<<20)))
	s.Fault = func(w http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		w.Header().Set("Content-Type", "Text/Event-Stream")
		for range 70 {
			_, _ = w.Write(big)
		}
		_, _ = fmt.Fprint(w, ending+done)
		return true
	}
	_, err := open(t, s, "openai:m", runners.Options{}).Generate(t.Context(), request)
	assert.Contains(t, failure(t, err).Message, "larger than 64 MiB")
}

// Who goes silent in the middle is told apart from who never began.
func TestAStallIsNamed(t *testing.T) {
	for text, stream := range map[string]string{"in the middle of its answer: no piece in 10ms": piece, "sent nothing in 10ms": ""} {
		o := runners.Options{FirstByte: time.Minute, Stall: 10 * time.Millisecond}
		if stream == "" {
			o.FirstByte, o.Stall = o.Stall, o.FirstByte
		}
		s := evaltest.NewServer(t, reply)
		s.Fault = func(w http.ResponseWriter, r *http.Request, _ evaltest.Body) bool {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = fmt.Fprint(w, stream)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return true
		}
		_, err := open(t, s, "openai:m", o).Generate(t.Context(), request)
		f := failure(t, err)
		assert.Equal(t, eval.FailTimeout, f.Kind)
		assert.Contains(t, f.Message, text)
	}
}
