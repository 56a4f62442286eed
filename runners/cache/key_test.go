package cache

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

func TestWhatMakesARequestAnother(t *testing.T) {
	base := request(0)
	seen := map[key]string{}
	add := func(name string, id Identity, change func(*eval.Request)) {
		q := request(0)
		change(&q)
		k, err := keyOf(id.clean(), q)
		require.NoError(t, err)
		twin := seen[k]
		assert.Empty(t, twin, "%s is taken for %s", name, twin)
		seen[k] = name
	}
	same := func(*eval.Request) {}
	add("the request", who, same)
	add("another kind", Identity{"vllm", who.Model, who.BaseURL, ""}, same)
	add("another model", Identity{who.Kind, "n", who.BaseURL, ""}, same)
	add("another address", Identity{who.Kind, who.Model, "https://other/v1", ""}, same)
	add("another engine", Identity{who.Kind, who.Model, who.BaseURL, "sha256:1"}, same)
	add("another trial", who, func(q *eval.Request) { q.Key.Trial = 1 })
	add("another problem in the same words", who, func(q *eval.Request) { q.Key.Problem = "p2" })
	add("another benchmark", who, func(q *eval.Request) { q.Key.Benchmark = "b2" })
	add("other words", who, func(q *eval.Request) { q.Messages[0].Content += " " })
	add("a broken byte", who, func(q *eval.Request) { q.Messages[0].Content += "\xff" })
	add("another broken byte", who, func(q *eval.Request) { q.Messages[0].Content += "\xfe" })
	add("another role", who, func(q *eval.Request) { q.Messages[0].Role = eval.System })
	add("a further message", who, func(q *eval.Request) { q.Messages = append(q.Messages, eval.Message{}) })
	add("a temperature", who, func(q *eval.Request) { q.Sampling.Temperature = number64(0.7) })
	add("no temperature", who, func(q *eval.Request) { q.Sampling.Temperature = nil })
	add("a seed", who, func(q *eval.Request) { q.Sampling.Seed = count(9) })
	add("a limit", who, func(q *eval.Request) { q.Sampling.MaxTokens = count(101) })
	add("stops", who, func(q *eval.Request) { q.Sampling.Stop = []string{"a", "b"} })
	add("a stop", who, func(q *eval.Request) { q.Sampling.Stop = []string{"ab"} })
	add("a prefill", who, func(q *eval.Request) { q.Prefill = "<think>\n" })
	add("an effort", who, func(q *eval.Request) { q.Effort = "high" })
	add("a budget of thought", who, func(q *eval.Request) { q.ThinkingBudget = count(0) })
	add("a parameter", who, func(q *eval.Request) { q.Extra = map[string]any{"top_k": 20} })
	add("another parameter", who, func(q *eval.Request) { q.Extra = map[string]any{"top_k": 20, "min_p": 0} })

	k, err := keyOf(who, base)
	require.NoError(t, err)
	for name, change := range map[string]func(*eval.Request){
		"the label of the run":   func(q *eval.Request) { q.Key.Model = "other label" },
		"no parameters":          func(q *eval.Request) { q.Extra = map[string]any{} },
		"pointers to the equals": func(q *eval.Request) { q.Sampling.Temperature = number64(0.6) },
	} {
		q := request(0)
		change(&q)
		twin, err := keyOf(who, q)
		require.NoError(t, err)
		assert.Equal(t, k, twin, name)
	}
	a, b := request(0), request(0)
	a.Extra = map[string]any{"a": 1, "b": map[string]any{"x": 1.0, "y": 2}}
	b.Extra = map[string]any{"b": map[string]any{"y": 2, "x": 1}, "a": 1.0}
	ka, err := keyOf(who, a)
	require.NoError(t, err)
	kb, err := keyOf(who, b)
	require.NoError(t, err)
	assert.Equal(t, ka, kb, "the order of parameters does not matter")
}

func TestNoSecretIsWritten(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir)
	id := who
	id.BaseURL = "https://user:hunter2@api.example/v1?key=hunter2#hunter2"
	q := request(0)
	q.Extra = map[string]any{"api_key": "hunter2"}
	o := &oracle{}
	ask(t, c.Wrap(o, id), q)
	require.Equal(t, 1, c.Stats().Stored)
	text := content(t, dir)
	assert.Contains(t, text, "https://api.example/v1")
	assert.NotContains(t, text, "hunter2")
	id.BaseURL = "https://api.example/v1?key=another"
	assert.True(t, ask(t, c.Wrap(o, id), q).Cached, "another key is no other model")
}

func TestKeysStayWhatTheyWere(t *testing.T) {
	q := request(1)
	q.Prefill, q.Effort, q.ThinkingBudget, q.Extra = "<think>", "low", count(5), map[string]any{"top_k": 20}
	k, err := keyOf(who, q)
	require.NoError(t, err)
	assert.Equal(t, "04d439a511ed547fdcd5a6e29cc2402629577952e629e2bfc1ce8258cf2f4102", fmt.Sprintf("%x", k))
}
