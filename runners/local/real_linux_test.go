package local_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/local"
)

// realEngine is llama.cpp's own server with a tiny mixture of experts.
func realEngine(t *testing.T) local.Engine {
	t.Helper()
	evaltest.LlamaServer(t)
	return local.Engine{
		Kind: "llamacpp", Model: evaltest.WriteTinyModel(t, evaltest.TinyModel{Seed: 1}), Log: filepath.Join(t.TempDir(), "engine.log"),
		Args: []string{"-c", "1024", "-np", "4", "-t", "1", "--reasoning-format", "none"},
	}
}

func TestRealEngineIsLaunchedProbedAndEnded(t *testing.T) {
	e := realEngine(t)
	s, err := local.Launch(t.Context(), e, func(line string) { t.Log(line) })
	require.NoError(t, err)
	defer s.Close() //nolint:errcheck // never fails
	facts, err := local.Probe(t.Context(), s.Target())
	require.NoError(t, err)
	t.Logf("%+v", facts)
	all, active := evaltest.TinyModel{}.Parameters()
	assert.Equal(t, "llamacpp", facts.Engine)
	assert.NotEmpty(t, facts.Version)
	assert.Equal(t, []string{"tiny"}, facts.Models)
	assert.Equal(t, new(true), facts.Served)
	assert.Equal(t, 2048, facts.TrainedContext)
	assert.Positive(t, facts.Context)
	assert.Equal(t, 4, facts.Slots)
	assert.Equal(t, "all F32", facts.Quantization)
	assert.Equal(t, []int64{all, active}, []int64{facts.Parameters, facts.Active})
	assert.Equal(t, []int{evaltest.TinyExperts, evaltest.TinyUsed}, []int{facts.Experts, facts.ExpertsUsed})
	assert.Equal(t, new(true), facts.Prefills)
	assert.Equal(t, "none", facts.ReasoningParser)
	assert.Len(t, facts.TemplateSHA256, 64)

	// Who did not start it learns the same, with the file where the server says.
	foreign, err := local.Probe(t.Context(), local.Target{Kind: "openai", Model: "tini", Base: s.Base()})
	require.NoError(t, err)
	assert.Equal(t, "llamacpp", foreign.Engine)
	assert.Equal(t, active, foreign.Active)
	assert.Equal(t, new(false), foreign.Served)
	assert.Equal(t, []string{"tiny"}, foreign.Near)

	pid := s.PID()
	require.NoError(t, s.Close())
	assert.True(t, gone(pid))
	_, err = local.Probe(t.Context(), s.Target())
	require.ErrorContains(t, err, "nothing answers there")
}

func TestRealEngineHasTheSameFingerprintAgainAndAnotherWithAnotherTemplate(t *testing.T) {
	e := realEngine(t)
	prints := map[string]string{}
	for name, args := range map[string][]string{
		"first": nil, "again": nil, "context": {"-c", "2048"}, "template": {"--chat-template", "chatml"},
	} {
		e.Args = append(e.Args[:len(e.Args):len(e.Args)], args...)
		s, err := local.Launch(t.Context(), e, nil)
		require.NoError(t, err, name)
		facts, err := local.Probe(t.Context(), s.Target())
		require.NoError(t, err)
		require.NoError(t, s.Close())
		prints[name] = facts.Fingerprint()
		e.Args = e.Args[:len(e.Args)-len(args)]
	}
	assert.Equal(t, prints["first"], prints["again"])
	assert.NotEqual(t, prints["first"], prints["context"])
	assert.NotEqual(t, prints["first"], prints["template"])
}

func TestRealEngineThatIsKilledIsStartedAgainAndAllRequestsEnd(t *testing.T) {
	s, err := local.Launch(t.Context(), realEngine(t), func(line string) { t.Log(line) })
	require.NoError(t, err)
	defer s.Close() //nolint:errcheck // never fails
	r := s.Wrap(asker{s.Base()})
	first := s.PID()
	var done, failures atomic.Int64
	var killed sync.Once
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 25 {
				if done.Load() >= 30 {
					killed.Do(func() { assert.NoError(t, syscall.Kill(first, syscall.SIGKILL)) })
				}
				out, failed, err := persistent(t.Context(), tinily{r}, 3)
				assert.NoError(t, err)
				assert.NotEmpty(t, out.Raw)
				failures.Add(int64(failed))
				done.Add(1)
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 100, done.Load())
	assert.Equal(t, 1, s.Restarts())
	t.Logf("100 requests, %d tries broken by the kill", failures.Load())
	assert.LessOrEqual(t, failures.Load(), int64(4), "one a request under way")
}

// tinily asks for short answers.
type tinily struct{ eval.Runner }

func (r tinily) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	q.Sampling.MaxTokens = new(24)
	return r.Runner.Generate(ctx, q)
}

func TestRealEngineDoesNotOutliveItsParent(t *testing.T) {
	e := realEngine(t)
	parent, engine := parentOf(t, e)
	require.False(t, gone(engine))
	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()
	allGone(t, engine)
}

func TestRealEngineTellsWhatIsWrongWithAFile(t *testing.T) {
	e := realEngine(t)
	whole, err := os.ReadFile(e.Model)
	require.NoError(t, err)
	for want, content := range map[string][]byte{
		"the file is no whole GGUF":    whole[:len(whole)/2],
		"the file is no whole GGUF: ":  []byte("hello"),
		"does not know the model's ar": []byte(strings.ReplaceAll(string(whole), "qwen3moe", "qwen9moe")),
	} {
		require.NoError(t, os.WriteFile(e.Model, content, 0o600))
		_, err := local.Launch(t.Context(), e, nil)
		require.ErrorContains(t, err, want)
		var failed *local.StartError
		require.ErrorAs(t, err, &failed)
		assert.Contains(t, failed.Reason, "exit status 1")
		assert.Contains(t, strings.Join(failed.Tail, "\n"), "failed to load model")
	}
}

func TestRealEngineIsCheckedEndToEnd(t *testing.T) {
	s, err := local.Launch(t.Context(), realEngine(t), nil)
	require.NoError(t, err)
	defer s.Close() //nolint:errcheck // never fails
	doubts := local.Check(t.Context(), s.Wrap(asker{s.Base()}))
	for _, d := range doubts {
		t.Log(d)
		assert.NotEqual(t, "cut", d.Check, "the engine says when an answer is cut")
		assert.NotContains(t, d.Text, "the request failed")
	}
	var checks []string
	for _, d := range doubts {
		checks = append(checks, d.Check)
	}
	assert.Contains(t, checks, "answer", "nonsense holds no answer")
}

func TestTwoRealEnginesRunBesideEachOther(t *testing.T) {
	e := realEngine(t)
	s, err := local.Launch(t.Context(), e, nil)
	require.NoError(t, err)
	defer s.Close() //nolint:errcheck // never fails
	e.Log = ""      // a temporary one
	other, err := local.Launch(t.Context(), e, nil)
	require.NoError(t, err)
	assert.NotEqual(t, s.Base(), other.Base())
	assert.FileExists(t, other.Log())
	require.NoError(t, other.Close())
	assert.NoFileExists(t, other.Log())
	_, err = s.Wrap(asker{s.Base()}).Generate(t.Context(), request)
	require.NoError(t, err)
}
