package local_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/local"
)

func TestLogsAreShownWithoutControlCharacters(t *testing.T) {
	text := "\x1b[32mINFO\x1b[0m ready\r\nshards 1/3\rshards 3/3\n\n\x1b]0;title\x07bell\x07\n\xff\xfe\n" + strings.Repeat("x", 400) + "\n\u202Eevil"
	assert.Equal(t, []string{"INFO ready", "shards 3/3", "bell", "�", strings.Repeat("x", 300) + " …", "evil"}, local.Clean([]byte(text)))
}

func FuzzLog(f *testing.F) {
	f.Add([]byte("\x1b[32mINFO\x1b]8;;x\x1b\\y\n\r\r"))
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := local.Clean(text)
		for _, line := range lines {
			assert.NotEmpty(t, line)
			assert.Negative(t, strings.IndexFunc(line, unicode.IsControl))
			assert.LessOrEqual(t, len([]rune(line)), 302)
		}
		_ = local.Remedy(lines)
	})
}

func FuzzPrefills(f *testing.F) {
	for _, seed := range []string{r1Template, qwTemplate, hyTemplate, oldTemplate} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		if p := local.Prefills(template); p != nil && *p {
			assert.Contains(t, template, "<think>")
		}
		if local.EndsInIt(template) {
			assert.Contains(t, template, "<think>")
		}
	})
}

func TestAHeaderTellsTheParametersOfATinyModel(t *testing.T) {
	m := evaltest.TinyModel{Seed: 3, Context: 512}
	g, err := local.ParseGGUF(bytes.NewReader(m.GGUF()))
	require.NoError(t, err)
	arch, all, active, experts, used, ctx := g.Facts()
	wantAll, wantActive := m.Parameters()
	assert.Equal(t, []any{"qwen3moe", wantAll, wantActive, 4, 2, 512}, []any{arch, all, active, experts, used, ctx})
	assert.Equal(t, m.GGUF(), m.GGUF(), "the same seed writes the same")
	assert.NotEqual(t, m.GGUF(), evaltest.TinyModel{Seed: 4, Context: 512}.GGUF())
}

func TestABrokenHeaderIsAnError(t *testing.T) {
	whole := evaltest.TinyModel{}.GGUF()
	for n := range 2000 {
		_, err := local.ParseGGUF(bytes.NewReader(whole[:n]))
		require.Error(t, err, n)
	}
	for _, text := range []string{"", "GGUF", "hello world, this is no model at all"} {
		_, err := local.ParseGGUF(strings.NewReader(text))
		require.Error(t, err)
	}
}

func FuzzGGUF(f *testing.F) {
	whole := evaltest.TinyModel{}.GGUF()
	f.Add(whole[:9000])
	f.Add(whole[:100])
	f.Add([]byte("GGUF\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, header []byte) {
		g, err := local.ParseGGUF(bytes.NewReader(header))
		if err != nil {
			return
		}
		_, all, active, _, _, _ := g.Facts()
		assert.GreaterOrEqual(t, all, active)
		assert.GreaterOrEqual(t, active, int64(0))
	})
}

func TestTinyRequestsFindWhatWouldSpoilARun(t *testing.T) {
	good := map[string]eval.Response{
		"answer":  {Raw: `Easy. \boxed{5}`, Reasoning: "2+3", Stop: eval.StopEnd},
		"thought": {Raw: "9", Reasoning: "hm", Stop: eval.StopEnd},
		"cut":     {Raw: "one\ntwo", Stop: eval.StopLength},
	}
	for _, c := range []struct {
		name, check, want string
		answer            eval.Response
	}{
		{"all is well", "", "", eval.Response{}},
		{"a hidden thought", "thought", "", eval.Response{Raw: "9", Usage: eval.Usage{Reasoning: new(40)}, Stop: eval.StopEnd}},
		{"a thought in tags", "thought", "", eval.Response{Raw: "<think>hm</think>9", Stop: eval.StopEnd}},
		{"a thought that the template began", "thought", "", eval.Response{Raw: "hm</think>9", Stop: eval.StopEnd}},
		{"no thought", "thought", "shows no thought", eval.Response{Raw: "9", Stop: eval.StopEnd}},
		{"a thought without end", "thought", "never ended", eval.Response{Raw: "<think>9", Stop: eval.StopEnd}},
		{"a thought in two places", "thought", "a part of the thought is in the answer", eval.Response{Raw: "ah</think>9", Reasoning: "hm", Stop: eval.StopEnd}},
		{"a thought that is cut", "thought", "cut after 99 tokens", eval.Response{Raw: "<think>hm", Usage: eval.Usage{Output: new(99)}, Stop: eval.StopLength}},
		{"no box", "answer", "no box in the answer: five", eval.Response{Raw: "five", Stop: eval.StopEnd}},
		{"another box", "answer", "does not hold 5", eval.Response{Raw: `\boxed{6}`, Stop: eval.StopEnd}},
		{"nothing", "answer", "empty", eval.Response{Stop: eval.StopEnd}},
		{"a refusal", "answer", "refused", eval.Response{Raw: "no", Stop: eval.StopRefusal}},
		{"all thought", "answer", "all came as thought", eval.Response{Reasoning: `so \boxed{5}`, Stop: eval.StopEnd}},
		{"an answer without end", "answer", "cut at a limit of 2048 tokens", eval.Response{Raw: "and and", Stop: eval.StopLength}},
		{"a limit not obeyed", "cut", "was not obeyed", eval.Response{Raw: "one … two hundred", Usage: eval.Usage{Output: new(800)}, Stop: eval.StopEnd}},
		{"a cut not said", "cut", "does not say that it was cut", eval.Response{Raw: "one", Usage: eval.Usage{Output: new(16)}, Stop: eval.StopEnd}},
		{"a short answer", "cut", "", eval.Response{Raw: "no", Usage: eval.Usage{Output: new(2)}, Stop: eval.StopEnd}},
	} {
		r := evaltest.Runner{Label: "m", F: func(_ context.Context, q eval.Request) (eval.Response, error) {
			if q.Key.Problem == c.check {
				return c.answer, nil
			}
			return good[q.Key.Problem], nil
		}}
		doubts := local.Check(t.Context(), r)
		if c.want == "" {
			assert.Empty(t, doubts, c.name)
			continue
		}
		if assert.Len(t, doubts, 1, c.name) {
			assert.Equal(t, c.check, doubts[0].Check)
			assert.Contains(t, doubts[0].String(), c.want)
		}
	}
}

func TestARequestThatFailsIsADoubtWithItsHint(t *testing.T) {
	r := evaltest.Runner{Label: "m", F: func(context.Context, eval.Request) (eval.Response, error) {
		return eval.Response{}, &eval.Failure{Kind: eval.FailRequest, Message: "no max_tokens here", Hint: "leave it out"}
	}}
	doubts := local.Check(t.Context(), r)
	require.Len(t, doubts, 1, "all three say the same")
	assert.Equal(t, "answer, thought, cut: the request failed: request: no max_tokens here: leave it out", doubts[0].String())
}
