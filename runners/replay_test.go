package runners_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

const rows = `{"problem":"a","trial":0,"response":"x","model":"m1","benchmark":"b","reasoning":"r","stop":"length","usage":{"output":5},"else":1}

{"problem":7,"response":"y","model":"m2"}
{"problem":"a","trial":1,"response":"","model":"m1","benchmark":"b"}
`

func TestReplayGivesARunnerForEachModel(t *testing.T) {
	out, err := runners.Replay("file.jsonl", strings.NewReader(rows))
	require.NoError(t, err)
	require.Len(t, out, 2)
	assert.Equal(t, []string{"m1", "m2"}, []string{out[0].Name(), out[1].Name()})

	key := eval.Key{Benchmark: "b", Problem: "a", Model: "m1"}
	r, err := out[0].Generate(t.Context(), eval.Request{Key: key})
	require.NoError(t, err)
	assert.Equal(t, []any{"x", "r", eval.StopLength, 5}, []any{r.Raw, r.Reasoning, r.Stop, *r.Usage.Output})

	m1, m2 := out[0].(eval.Holder), out[1].(eval.Holder)
	assert.True(t, m1.Holds(key))
	assert.False(t, m1.Holds(eval.Key{Benchmark: "other", Problem: "a"}))
	assert.True(t, m2.Holds(eval.Key{Benchmark: "any", Problem: "7"}), "a row without a benchmark answers for any")
	assert.False(t, m2.Holds(eval.Key{Benchmark: "any", Problem: "7", Trial: 1}))
	evaltest.RunnerContract(t, func(*testing.T) eval.Runner { return out[0] }, eval.Request{Key: key})
}

func TestReplayNamesTheLineThatIsWrong(t *testing.T) {
	for text, says := range map[string]string{
		"{\"problem\":\"a\",\"response\":\"x\"}\n{": "f.jsonl:2",
		`{"response":"x"}`:                          `"problem" is missing`,
		`{"problem":"a"}`:                           `"response" is missing`,
		`{"problem":"a","response":"x","trial":-1}`: "trials count from 0",
		"{\"problem\":\"a\",\"response\":\"x\"}\n{\"problem\":\"a\",\"response\":\"y\"}": "stands on line 1 already",
		"": "no responses",
	} {
		_, err := runners.Replay("f.jsonl", strings.NewReader(text))
		assert.ErrorContains(t, err, says)
	}
}

func TestAReplayThatIsCutShortIsSaidToBe(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(strings.Repeat(rows, 1)))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	path := filepath.Join(t.TempDir(), "r.jsonl.gz")
	require.NoError(t, os.WriteFile(path, packed.Bytes(), 0o644))
	out, err := runners.Open("replay:"+path, runners.Options{})
	require.NoError(t, err)
	assert.Len(t, out, 2)
	require.NoError(t, os.WriteFile(path, packed.Bytes()[:packed.Len()-12], 0o644))
	_, err = runners.Open("replay:"+path, runners.Options{})
	assert.ErrorContains(t, err, "cut short")
}

func FuzzReplay(f *testing.F) {
	f.Add(rows)
	f.Fuzz(func(t *testing.T, text string) {
		out, err := runners.Replay("f", strings.NewReader(text))
		assert.True(t, (err == nil) == (len(out) > 0))
	})
}
