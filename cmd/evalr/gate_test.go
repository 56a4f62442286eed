package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
)

// TestABrokenServerIsNoRegression: a night on which the server failed ends with
// exit code 3, whatever the scores of what is left.
func TestABrokenServerIsNoRegression(t *testing.T) {
	work := t.TempDir()
	problems := filepath.Join(work, "p.jsonl")
	require.NoError(t, os.WriteFile(problems, []byte(`{"id":"a","question":"a","answer":"4"}
{"id":"b","question":"b","answer":"4"}
{"id":"c","question":"c","answer":"4"}
`), 0o644))
	s := evaltest.NewServer(t, func(evaltest.Body) evaltest.Reply { return evaltest.Reply{Text: `\boxed{4}`} })
	night := func(name string, flags ...string) (dir string, code int) {
		dir = filepath.Join(work, name)
		code, _, _ = evalr(t, append([]string{"run", "-q", "-m", "vllm:fake@" + s.API(), "-b", problems, "--out", dir}, flags...)...)
		return dir, code
	}
	good, code := night("good")
	require.Zero(t, code)
	s.Fault = failOn("b")
	bad, code := night("bad", "--max-errors", "1")
	require.Zero(t, code, "all may fail")
	code, out, errs := evalr(t, "gate", bad, "--baseline", good)
	assert.Equal(t, exitInfrastructure, code)
	assert.Contains(t, out, "1 of 3 attempts failed, more than 10.0%")
	assert.Contains(t, errs, "error: the gate: infrastructure: ")
	code, _, _ = evalr(t, "gate", bad, "--baseline", good, "--max-errors", "50%")
	assert.Zero(t, code, "what is left is alike")

	ended, code := night("ended")
	require.Equal(t, exitInfrastructure, code, "ended by its own limit")
	code, out, _ = evalr(t, "gate", ended, "--baseline", good, "--max-errors", "50%")
	assert.Equal(t, exitInfrastructure, code)
	assert.Contains(t, out, "the run did not finish")
}
