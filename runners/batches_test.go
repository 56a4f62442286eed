package runners_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/wire"
)

// batched is what a runner has whose requests can stand in a batch.
type batched interface {
	Batches() (*wire.Client, string)
	BatchBody(eval.Request) ([]byte, error)
	BatchAnswer([]byte) (eval.Response, error)
}

func TestRequestsAndAnswersCanStandInABatch(t *testing.T) {
	responses, anthropic := evaltest.NewResponses(t, reply), evaltest.NewAnthropic(t, reply)
	q := eval.Request{Messages: dialogue, Sampling: eval.Sampling{MaxTokens: ptr(64)}}
	for endpoint, c := range map[string]struct {
		runner eval.Runner
		answer string
	}{
		"/v1/responses": {played(t, &responses.Service, evaltest.Scene{}, "openai-responses:o3@"+responses.API()),
			`{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"6"}]}],"usage":{"output_tokens":2}}`},
		"/v1/messages": {played(t, &anthropic.Service, evaltest.Scene{}, "anthropic:m@"+anthropic.API()),
			`{"type":"message","content":[{"type":"text","text":"6"}],"stop_reason":"end_turn","usage":{"output_tokens":2}}`},
	} {
		b := c.runner.(batched)
		_, at := b.Batches()
		assert.Equal(t, endpoint, at)
		body, err := b.BatchBody(q)
		require.NoError(t, err)
		again, err := b.BatchBody(q)
		require.NoError(t, err)
		assert.Equal(t, body, again)
		var raw map[string]any
		require.NoError(t, json.Unmarshal(body, &raw))
		assert.NotContains(t, raw, "stream")
		r, err := b.BatchAnswer([]byte(c.answer))
		require.NoError(t, err)
		assert.Equal(t, []any{"6", eval.StopEnd, 2}, []any{r.Raw, r.Stop, *r.Usage.Output})

		_, err = b.BatchBody(eval.Request{Messages: dialogue, Sampling: eval.Sampling{MaxTokens: ptr(64), Seed: ptr(7)}})
		assert.Equal(t, eval.FailRequest, failure(t, err).Kind)
		for _, odd := range []string{``, `<html>`, `{}`, `[]`, `{"type":"error","error":{"type":"api_error","message":"x"}}`} {
			_, err = b.BatchAnswer([]byte(odd))
			assert.True(t, failure(t, err).Temporary, odd)
		}
	}
}
