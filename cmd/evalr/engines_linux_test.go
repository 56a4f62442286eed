package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStartCanBeInterrupted(t *testing.T) {
	work := t.TempDir()
	engine := filepath.Join(work, "vllm")
	require.NoError(t, os.WriteFile(engine, []byte("#!/bin/sh\necho loading\nexec sleep 1000\n"), 0o700))
	t.Setenv("EVALR_VLLM", engine)
	dir := filepath.Join(work, "run")
	loading := func() bool {
		text, _ := os.ReadFile(filepath.Join(dir, "engine-m.log"))
		return strings.Contains(string(text), "loading")
	}
	go func() {
		if assert.Eventually(t, loading, time.Minute, 5*time.Millisecond) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
		}
	}()
	code, _, errs := evalr(t, "run", "-m", "vllm:m", "--launch", "-b", "evalr-math", "--out", dir)
	assert.Equal(t, exitInterrupted, code, errs)
	assert.Contains(t, errs, "resume with: evalr run -f")
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"status": "interrupted"`)
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range all {
		text, _ := os.ReadFile(path)
		assert.NotContains(t, string(text), engine, "no engine is left")
	}
}
