package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/engine"
)

func TestEnginesThatCannotBeStartedAreRefusedBeforeAnythingIsMade(t *testing.T) {
	work := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(work, "tiny.gguf"), nil, 0o600))
	for _, c := range []struct {
		model, want string
		more        []string
	}{
		{model: "llamacpp:" + work + "/tinny.gguf", want: "did you mean tiny.gguf?"},
		{model: "llamacpp:" + work, want: "that is a folder", more: []string{"--launch"}},
		{model: "openai:o4-mini", want: "only engines of the kinds llamacpp, vllm, sglang, ollama can be started", more: []string{"--launch"}},
		{model: standInSpec, want: "there is no engine to be started", more: []string{"--launch"}},
		{model: "vllm:m@http://127.0.0.1:1/v1", want: "leave out either of them", more: []string{"--launch"}},
		{model: "vllm:m@http://127.0.0.1:1/v1", want: "none is started", more: []string{"--engine-arg=-c"}},
		{model: "llamacpp:" + work + "/tiny.gguf", want: "evalr gives --port itself", more: []string{"--engine-arg=--port=1"}},
	} {
		dir := filepath.Join(work, "run")
		code, _, errs := evalr(t, append([]string{"run", "-m", c.model, "-b", "evalr-math", "--out", dir}, c.more...)...)
		assert.Equal(t, exitUsage, code, "%s: %s", c.model, errs)
		assert.Contains(t, errs, c.want)
		assert.NoDirExists(t, dir, c.model)
	}
}

func TestAnUnknownCheckIsRefused(t *testing.T) {
	code, _, errs := evalr(t, "run", "-m", standInSpec, "-b", "evalr-math", "--check", "sometimes")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "auto, always or never")
}

func TestWhatAPersonSaysOfMaxTokensIsSentAlsoAfterAResume(t *testing.T) {
	sent := func(asking Asking) *int {
		d := &desk{label: "m", asking: asking, model: &engine.Model{Sampling: eval.Sampling{MaxTokens: asking.MaxTokens}}}
		d.doubt(eval.EngineFacts{Context: 2048}, func(string, ...any) {})
		return d.model.Sampling.MaxTokens
	}
	assert.Nil(t, sent(Asking{Preset: "deepseek-r1", MaxTokens: new(32768)}), "the preset's own")
	assert.Equal(t, new(4096), sent(Asking{Preset: "deepseek-r1", MaxTokens: new(4096)}))
	assert.Equal(t, new(4096), sent(Asking{MaxTokens: new(4096)}))
}

func TestAnOllamaThatRunsIsAskedByItsOwnProtocol(t *testing.T) {
	s := evaltest.NewOllama(t, func(evaltest.Body) evaltest.Reply { return evaltest.Reply{Text: `\boxed{4}`} })
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/version":
			_, _ = w.Write([]byte(`{"version":"0.9"}`))
		case "/api/tags":
			_, _ = w.Write([]byte(`{"models":[{"name":"fake:latest","digest":"abc"}]}`))
		default:
			s.Config.Handler.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	t.Setenv("OLLAMA_HOST", strings.TrimPrefix(front.URL, "http://"))
	problems := filepath.Join(t.TempDir(), "p.jsonl")
	require.NoError(t, os.WriteFile(problems, []byte(`{"id":"a","question":"2+2?","answer":"4"}`), 0o600))
	dir := filepath.Join(t.TempDir(), "run")
	code, _, errs := evalr(t, "run", "-q", "-m", "ollama:fake", "--launch", "-b", problems, "--out", dir, "--tries", "1")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "using it")
	assert.Len(t, s.Bodies(), 1)
	assert.Equal(t, map[string]string{"p a": "correct 4"}, verdicts(t, dir))
}
