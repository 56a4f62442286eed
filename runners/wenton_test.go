package runners

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// What a stream brings behind the end of its answer belongs to another one.
func TestNoProviderReadsTwoAnswersAsOne(t *testing.T) {
	for name, c := range map[string]struct {
		make              func() answer
		start, piece, end string
	}{
		"anthropic": {
			func() answer { return &anthropicAnswer{} },
			`{"type":"message_start","message":{"type":"message","usage":{"output_tokens":1}}}`,
			`{"type":"content_block_delta","delta":{"type":"text_delta","text":"4"}}`,
			`{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}`,
		},
		"responses": {
			func() answer { return &responsesAnswer{} },
			`{"type":"response.created","response":{"status":"in_progress"}}`,
			`{"type":"response.output_text.delta","delta":"4"}`,
			`{"type":"response.completed","response":{"status":"completed","usage":{"output_tokens":7}}}`,
		},
		"gemini": {
			func() answer { return &geminiAnswer{} }, `{}`, `{"candidates":[{"content":{"parts":[{"text":"4"}]}}]}`,
			`{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"candidatesTokenCount":7}}`,
		},
		"ollama": {
			func() answer { return &ollamaAnswer{} }, `{}`, `{"message":{"content":"4"}}`, `{"done":true,"done_reason":"stop","eval_count":7}`,
		},
		"completions": {
			func() answer { return &chatAnswer{} }, `{}`, `{"choices":[{"text":"4"}]}`, `{"choices":[{"finish_reason":"stop"}],"usage":{"completion_tokens":7}}`,
		},
	} {
		read := func(events ...string) (answer, error) {
			a := c.make()
			for _, data := range events {
				if err := a.Event(wire.Event{Data: []byte(data)}, time.Time{}); err != nil {
					return a, err
				}
			}
			return a, a.end()
		}
		a, err := read(c.start, c.piece, c.piece, c.end)
		require.NoError(t, err, name)
		assert.Equal(t, "44", a.Response(wire.Exchange{}).Raw, name)
		for _, twice := range [][]string{{c.start, c.piece, c.end, c.start, c.piece, c.end}, {c.start, c.piece, c.end, c.piece}} {
			_, err = read(twice...)
			var f *eval.Failure
			require.ErrorAs(t, err, &f, name)
			assert.Equal(t, eval.FailProtocol, f.Kind, name)
		}
	}
	const one = `{"content":{"parts":[{"text":"4"}]}}`
	err := (&geminiAnswer{}).Whole([]byte(`{"candidates":[` + strings.Join([]string{one, one}, ",") + `]}`))
	assert.ErrorContains(t, err, "several answers")
}
