package local_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/local"
)

func TestASampleTellsWeightsApart(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, text, 0o600))
		return local.Sample(path)
	}
	one := evaltest.TinyModel{Seed: 1}.GGUF()
	first := write("a", one)
	assert.NotEmpty(t, first)
	assert.Equal(t, first, write("b", one), "the name does not matter")
	assert.NotEqual(t, first, write("c", evaltest.TinyModel{Seed: 2}.GGUF()), "another training, of the same size")
	last := append([]byte(nil), one...)
	last[len(last)-1]++
	assert.NotEqual(t, first, write("d", last), "the last byte counts")
	assert.NotEqual(t, first, write("e", append(one, 0)))
	assert.Empty(t, write("f", []byte("short")))
	assert.Empty(t, local.Sample(dir))
}

func TestAServerCannotLetAProbeWaitAtAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe.gguf")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/props" {
			_, _ = w.Write([]byte(`{"build_info":"b1","model_path":"` + pipe + `"}`))
			return
		}
		_, _ = w.Write([]byte(`{"data":[{"id":"m"}]}`))
	})
	facts, err := local.Probe(t.Context(), local.Target{Kind: "llamacpp", Model: "m", Base: s + "/v1"})
	require.NoError(t, err)
	assert.Equal(t, "b1", facts.Version)
	assert.Empty(t, facts.Weights)
	_, err = local.Launch(t.Context(), local.Engine{Kind: "llamacpp", Model: pipe}, nil)
	require.ErrorContains(t, err, "no regular file")
}

func TestTheModelsOfAnOllamaAreListedWhateverItsAddress(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/models" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write([]byte(`{"data":[{"id":"qwen3:8b"}]}`))
	})
	for _, base := range []string{s, s + "/", s + "/v1"} {
		facts, err := local.Probe(t.Context(), local.Target{Kind: "ollama", Model: "qwen3:8", Base: base})
		require.NoError(t, err)
		if assert.NotNil(t, facts.Served, base) {
			assert.False(t, *facts.Served)
			assert.Equal(t, []string{"qwen3:8b"}, facts.Near)
		}
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
