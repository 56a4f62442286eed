package runners_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
)

func TestGeminiRequest(t *testing.T) {
	s := evaltest.NewGemini(t, reply)
	ask := func(model string, q eval.Request) (evaltest.Body, map[string]any) {
		q.Messages = dialogue
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
	refused(&s.Service, `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}`)
	_, err := played(t, &s.Service, evaltest.Scene{}, "gemini:gemini-2.5-pro@"+s.API()).Generate(t.Context(), request)
	f := failure(t, err)
	assert.Equal(t, []any{eval.FailAuth, "is GEMINI_API_KEY right?", false}, []any{f.Kind, f.Hint, f.Temporary})
}
