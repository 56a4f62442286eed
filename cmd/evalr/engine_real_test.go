package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

// TestRealEngineSurvivesTheDeathOfEvalr starts llama.cpp's own server on a tiny
// mixture of experts with random weights, kills evalr in the middle, sees that no
// engine is left behind, and goes on: every attempt is there once.
func TestRealEngineSurvivesTheDeathOfEvalr(t *testing.T) {
	server := evaltest.LlamaServer(t)
	work := t.TempDir()
	model := evaltest.WriteTinyModel(t, evaltest.TinyModel{Seed: 1})
	var problems bytes.Buffer
	for i := range 80 {
		fmt.Fprintf(&problems, `{"id":"%d","question":"What is %d + %d?","answer":"%d"}`+"\n", i, i, i, 2*i)
	}
	require.NoError(t, os.WriteFile(filepath.Join(work, "sums.jsonl"), problems.Bytes(), 0o600))
	binary := filepath.Join(work, "evalr")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	dir := filepath.Join(work, "run")
	command := func(more ...string) *exec.Cmd {
		c := exec.Command(binary, append([]string{"run", "-m", "llamacpp:" + model, "-b", "sums.jsonl", "--out", dir, "--max-tokens", "48", "--seed", "1",
			"--engine-arg=--threads", "--engine-arg=1", "--concurrency", "4"}, more...)...)
		c.Dir = work
		c.Env = append(os.Environ(), "EVALR_LLAMA_SERVER="+server, checkVar+"=auto", "LLAMA_API_KEY=the-engines-own")
		return c
	}

	first := command()
	var says bytes.Buffer
	first.Stderr = &says
	require.NoError(t, first.Start())
	attempts := filepath.Join(dir, "attempts.jsonl")
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(attempts)
		return bytes.Count(text, []byte("\n")) >= 10
	}, time.Minute, 5*time.Millisecond, "the run gets under way: %s", &says)
	require.NoError(t, first.Process.Signal(syscall.SIGKILL))
	_ = first.Wait()
	require.Eventually(t, func() bool { return !serving(model) }, 20*time.Second, 20*time.Millisecond, "no engine is left behind")

	before := len(attemptKeys(t, dir))
	assert.Less(t, before, 80, "the run was cut off")
	second := command()
	out, err = second.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "resume "+dir)
	assert.Len(t, attemptKeys(t, dir), 80)
	assert.False(t, serving(model), "the engine ends with the run")

	run, err := store.Open(dir)
	require.NoError(t, err)
	facts := run.Manifest().Models[0].Facts
	require.NotNil(t, facts)
	assert.Equal(t, "llamacpp", facts.Engine)
	assert.NotEmpty(t, facts.Version)
	assert.NotEmpty(t, facts.TemplateSHA256)
	assert.Positive(t, facts.Context)
	assert.Equal(t, evaltest.TinyExperts, facts.Experts)
	assert.Less(t, facts.Active, facts.Parameters)

	// Another template is another server.
	other := evaltest.TinyModel{Seed: 1, Template: strings.Replace(evaltest.ThinkTemplate, "<think>", "", 1)}
	require.NoError(t, os.WriteFile(model, other.GGUF(), 0o600))
	out, err = command("-k", "2").CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "another server answers")
	out, err = command("-k", "2", "--force").CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Len(t, attemptKeys(t, dir), 160)
}

// serving says whether any process on this machine serves a model's file.
func serving(model string) bool {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range all {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		text, err := os.ReadFile(path)
		if err == nil && pid != os.Getpid() && bytes.Contains(text, []byte("llama-server")) && bytes.Contains(text, []byte(model)) {
			return true
		}
	}
	return false
}
