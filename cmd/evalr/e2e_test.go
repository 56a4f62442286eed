package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/invopop/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

var update = flag.Bool("update", false, "write the schema again")

// evalr runs the command in this process.
func evalr(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// shared gives a path of the shared reference data, or skips.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("EVALR_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is absent: set EVALR_SHARED to the shared reference data to run this test", path)
	}
	return path
}

type row struct {
	Benchmark, Problem, Response, Reasoning string
	Trial                                   int
	Stop                                    eval.Stop
}

// transcript reads the first n rows of a recorded file.
func transcript(t *testing.T, path string, n int) []row {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // read only
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var out []row
	for d := json.NewDecoder(z); d.More() && len(out) < n; {
		var r row
		require.NoError(t, d.Decode(&r))
		out = append(out, r)
	}
	return out
}

// verdicts reads outcome and answer of each problem of a run.
func verdicts(t *testing.T, dir string) map[string]string {
	run, err := store.Open(dir)
	require.NoError(t, err)
	out := map[string]string{}
	for a, err := range run.Attempts() {
		require.NoError(t, err)
		out[a.Key.Benchmark+" "+a.Key.Problem] = said(a) + " " + a.Verdict.Answer
	}
	return out
}

// TestServedTranscriptsGiveTheVerdictsOfReplayedOnes serves recorded outputs by
// HTTP, with the thought in tags and in either field, and compares the verdicts
// with those of the replay.
func TestServedTranscriptsGiveTheVerdictsOfReplayedOnes(t *testing.T) {
	data := shared(t, "data")
	for _, file := range []string{"gsm8k-6b_finetuning", "aime24-llama3.2-3b-rl-x50", "mmlu_pro-gemma4-12b-thinking", "math500-r1-distill-qwen-14b-cut"} {
		path := shared(t, "transcripts", file+".jsonl.gz")
		rows := firstTrials(transcript(t, path, 1500))
		replayed := filepath.Join(t.TempDir(), "replay")
		code, _, errs := evalr(t, "run", "-q", "-m", "replay:"+path, "-b", rows[0].Benchmark, "--data", data, "--out", replayed, "--json")
		require.Zero(t, code, errs)
		want := verdicts(t, replayed)
		questions := promptsOf(t, replayed)
		for _, style := range []evaltest.Style{evaltest.InText, evaltest.ReasoningContent, evaltest.Reasoning} {
			t.Run(file+" "+strconv.Itoa(int(style)), func(t *testing.T) {
				byPrompt := map[string]row{}
				for _, r := range rows {
					byPrompt[questions[r.Problem]] = apart(r, style)
				}
				s := evaltest.NewServer(t, func(b evaltest.Body) evaltest.Reply {
					r, known := byPrompt[b.Messages[len(b.Messages)-1].Content]
					if !known {
						return evaltest.Reply{Text: "That is not in the transcript.", Stop: "content_filter"}
					}
					return evaltest.Reply{Text: r.Response, Reasoning: r.Reasoning, Stop: r.Stop}
				})
				s.Style = style
				out := filepath.Join(t.TempDir(), "served")
				code, _, errs := evalr(t, "run", "-q", "-m", "vllm:served@"+s.API(), "-b", rows[0].Benchmark, "--data", data, "--out", out, "--json", "--max-errors", "1")
				require.Zero(t, code, errs)
				got := verdicts(t, out)
				compared := 0
				for _, r := range rows {
					if byPrompt[questions[r.Problem]].Problem != r.Problem {
						continue // two problems of one wording
					}
					compared++
					assert.Equal(t, want[r.Benchmark+" "+r.Problem], got[r.Benchmark+" "+r.Problem], r.Problem)
				}
				assert.Greater(t, compared, 25)
			})
		}
	}
}

func firstTrials(rows []row) []row {
	var out []row
	for _, r := range rows {
		if r.Trial == 0 && len(out) < 80 {
			out = append(out, r)
		}
	}
	return out
}

// promptsOf gives the last user message of each problem of a run.
func promptsOf(t *testing.T, dir string) map[string]string {
	run, err := store.Open(dir)
	require.NoError(t, err)
	out := map[string]string{}
	for a, err := range run.Transcripts() {
		require.NoError(t, err)
		out[a.Key.Problem] = a.Request.Messages[len(a.Request.Messages)-1].Content
	}
	return out
}

// apart moves a closed <think> block into the reasoning, as a server with a
// reasoning parser does; whatever else stays in the text.
func apart(r row, style evaltest.Style) row {
	thought, ok := strings.CutPrefix(r.Response, "<think>")
	if style == evaltest.InText || !ok {
		return r
	}
	if thought, text, ok := strings.Cut(thought, "</think>"); ok && !strings.Contains(text, "think>") {
		r.Reasoning, r.Response = thought, text
	}
	return r
}

// TestKill9OfTheCommand kills a run at random moments and resumes it.
func TestKill9OfTheCommand(t *testing.T) {
	work := t.TempDir()
	problems, replay := &bytes.Buffer{}, &bytes.Buffer{}
	const n = 3000
	for i := range n {
		_ = json.NewEncoder(problems).Encode(map[string]any{"id": strconv.Itoa(i), "question": "2+" + strconv.Itoa(i), "answer": strconv.Itoa(i + 2)})
		_ = json.NewEncoder(replay).Encode(map[string]any{"problem": strconv.Itoa(i), "response": "It is \\boxed{" + strconv.Itoa(i+2-i%3/2) + "}"})
	}
	require.NoError(t, os.WriteFile(filepath.Join(work, "p.jsonl"), problems.Bytes(), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(work, "r.jsonl"), replay.Bytes(), 0o644))
	binary := filepath.Join(work, "evalr")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	dir := filepath.Join(work, "run")
	command := func() *exec.Cmd {
		c := exec.Command(binary, "run", "-q", "-m", "replay:r.jsonl", "-b", "p.jsonl", "--out", dir, "--json")
		c.Dir = work
		return c
	}
	kills := 5
	if k, err := strconv.Atoi(os.Getenv("EVALR_KILLS")); err == nil {
		kills = k
	}
	seen := 0
	for range kills {
		c := command()
		require.NoError(t, c.Start())
		time.AfterFunc(time.Duration(20+rand.IntN(120))*time.Millisecond, func() { _ = c.Process.Signal(syscall.SIGKILL) })
		_ = c.Wait()
		if _, err := os.Stat(filepath.Join(dir, "run.json")); err != nil {
			continue
		}
		now := len(verdicts(t, dir))
		assert.GreaterOrEqual(t, now, seen, "a finished attempt was lost")
		seen = now
	}
	stdout, err := command().Output()
	require.NoError(t, err)
	assert.Contains(t, string(stdout), `"correct": 2000`)
	text, err := os.ReadFile(filepath.Join(dir, "attempts.jsonl"))
	require.NoError(t, err)
	assert.Equal(t, n, bytes.Count(text, []byte("\n")), "each attempt once")
	assert.Len(t, verdicts(t, dir), n)
}

// TestInterruptingKeepsWhatIsFinished sends Ctrl-C while a slow server answers.
func TestInterruptingKeepsWhatIsFinished(t *testing.T) {
	work := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(work, "p.jsonl"), []byte(`{"id":"fast","question":"fast","answer":"4"}
{"id":"slow","question":"slow","answer":"4"}
`), 0o644))
	hang := make(chan struct{})
	s := evaltest.NewServer(t, func(b evaltest.Body) evaltest.Reply {
		if strings.HasPrefix(b.Messages[0].Content, "slow") {
			<-hang
		}
		return evaltest.Reply{Text: `\boxed{4}`}
	})
	t.Cleanup(func() { s.CloseClientConnections() })
	t.Cleanup(func() { close(hang) })
	dir := filepath.Join(work, "run")
	done := make(chan struct{})
	go func() { // once the fast one is recorded
		defer close(done)
		for range 500 {
			if text, err := os.ReadFile(filepath.Join(dir, "attempts.jsonl")); err == nil && bytes.Contains(text, []byte(`"fast"`)) {
				_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
				return
			}
			<-time.After(10 * time.Millisecond)
		}
	}()
	code, _, errs := evalr(t, "run", "-q", "-m", "vllm:fake@"+s.API(), "-b", filepath.Join(work, "p.jsonl"), "--out", dir)
	<-done
	assert.Equal(t, exitInterrupted, code, errs)
	assert.Contains(t, errs, "resume with: evalr run -f ")
	assert.Equal(t, map[string]string{"p fast": "correct 4"}, verdicts(t, dir))
}

// TestErrorsAreNeverWrongAnswers: a server that fails ends the run with exit
// code 3, and what failed is made again on resume.
func TestErrorsAreNeverWrongAnswers(t *testing.T) {
	work := t.TempDir()
	problems := filepath.Join(work, "p.jsonl")
	require.NoError(t, os.WriteFile(problems, []byte(`{"id":"a","question":"a","answer":"4"}
{"id":"b","question":"b","answer":"4"}
`), 0o644))
	s := evaltest.NewServer(t, func(evaltest.Body) evaltest.Reply { return evaltest.Reply{Text: `\boxed{4}`} })
	s.Fault = failOn("b")
	dir := filepath.Join(work, "run")
	args := []string{"run", "-q", "-m", "vllm:fake@" + s.API(), "-b", problems, "--out", dir, "--json"}
	code, out, errs := evalr(t, args...)
	assert.Equal(t, exitInfrastructure, code)
	assert.Contains(t, errs, "1 of 2 attempts failed")
	assert.Contains(t, errs, "no such model")
	assert.Contains(t, out, `"error": 1`)
	assert.Contains(t, out, `"score": 1`)
	s.Fault = nil
	code, out, errs = evalr(t, args...)
	assert.Zero(t, code, errs)
	assert.Contains(t, errs, "1 attempts to make, 1 are recorded already")
	assert.Contains(t, out, `"correct": 2`)
}

// TestSchema keeps docs/evalr.schema.json the schema of the config file.
func TestSchema(t *testing.T) {
	one := func() []*jsonschema.Schema { return []*jsonschema.Schema{{Type: "string"}, {Type: "integer"}} }
	levels := func(ty reflect.Type) *jsonschema.Schema {
		if ty != reflect.TypeFor[Levels]() {
			return nil
		}
		return &jsonschema.Schema{OneOf: append(one(), &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{OneOf: one()}})}
	}
	r := jsonschema.Reflector{ExpandedStruct: true, Mapper: func(ty reflect.Type) *jsonschema.Schema {
		if ty != reflect.TypeFor[ModelSpec]() {
			return levels(ty)
		}
		mapping := (&jsonschema.Reflector{ExpandedStruct: true, DoNotReference: true, Mapper: levels}).ReflectFromType(reflect.TypeFor[struct{ plainModel }]())
		mapping.Version, mapping.ID = "", ""
		return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string", Description: "KIND:MODEL[@BASE_URL]"}, mapping}}
	}}
	schema := r.Reflect(&Spec{})
	schema.ID, schema.Title = "", "evalr.yaml"
	schema.Required = []string{"models", "benchmarks"}
	text, err := json.MarshalIndent(schema, "", "  ")
	require.NoError(t, err)
	text = append(text, '\n')
	path := filepath.Join("..", "..", "docs", "evalr.schema.json")
	if *update {
		require.NoError(t, os.WriteFile(path, text, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "make golden writes it")
	assert.Equal(t, string(want), string(text))
}

type plainModel ModelSpec
