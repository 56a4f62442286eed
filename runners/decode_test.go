package runners

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// chatPieces are pieces in the envelopes of several services.
var chatPieces = []string{
	`{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1760000000,"model":"m","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" the"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x7"}`,
	`{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":"so \"2 + 2\"\n"},"logprobs":null,"finish_reason":null,"stop_reason":null,"token_ids":null}]}`,
	`{"choices":[{"finish_reason":"stop","index":0,"delta":{}}],"created":1,"id":"c","model":"m","system_fingerprint":"b1","object":"chat.completion.chunk"}`,
	`{"id":"g","provider":"P","model":"m","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"五 \u4e94 \ud83d\ude00"},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}`,
}

var responsesPieces = []string{
	`{"type":"response.output_text.delta","item_id":"msg_68","output_index":1,"content_index":0,"delta":" the","logprobs":[],"sequence_number":12,"obfuscation":"x7"}`,
	`{"type":"response.reasoning_summary_text.delta","sequence_number":5,"item_id":"rs_68","output_index":0,"summary_index":0,"delta":"so \"2 + 2\"\n"}`,
	`{"type":"response.refusal.delta","delta":"No","item_id":"msg_68"}`,
}

var anthropicPieces = []string{
	`{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" the"}}`,
	`{"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "so \"2 + 2\"\n"}}`,
}

var geminiPieces = []string{
	`{"candidates":[{"content":{"parts":[{"text":" the","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":9,"totalTokenCount":16,"promptTokensDetails":[{"modality":"TEXT","tokenCount":7}]},"modelVersion":"m","responseId":"r"}`,
}

// oddPieces are what a careless reader would read differently from encoding/json.
var oddPieces = []string{
	`{"choices":[{"delta":{"content":"a","content":"b"}}]}`,
	`{"choices":[{"delta":{"Content":"a"}}],"MODEL":"m"}`,
	`{"choices":[{"delta":{"content":"\ud800"}}]}`,
	`{"choices":[{"delta":{"content":"\ud83d\ud83d"}}]}`,
	"{\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}",
	"{\"choices\":[{\"delta\":{\"content\":\"\\n\xff\"}}]}",
	"{\"choices\":[{\"delta\":{\"content\":\"a\tb\"}}]}",
	`{"choices":[{"delta":{"content":"a"}}],"created":01}`,
	`{"choices":[{"delta":{"content":"a"}}],"created":1.}`,
	`{"choices":[{"delta":{"content":"a"}}],"created":-}`,
	`{"choices":[{"delta":{"content":"a"}}],"created":1e}`,
	`{"choices":[{"delta":{"content":"a"}}],"id":"\x"}`,
	`{"choices":[{"delta":{"content":"a"}}],}`,
	`{"choices":[{"delta":{"content":"a"}},]}`,
	`{"choices":[{"delta":{"content":"a"}}]} x`,
	`{"choices":[{"delta":{"content":"a"}}],"model":7}`,
	`{"choices":[{"delta":{"content":["a"]}}]}`,
	`{"choices":[{"delta":{"content":"a"},"message":{"content":"b"}}]}`,
	`{"choices":[{"delta":{"content":"a"}}],"error":{"message":"x"}}`,
	`{"choices":[]}`, `{"choices":[{}]}`, `{}`, ``, `null`, `{"choices":[{"delta":null}]}`, `{"choices":null}`,
	`{"type":"response.output_text.delta","delta":"a","Delta":"b"}`,
	`{"type":"content_block_delta","delta":{"type":"text_delta","text":"a","thinking":"b"}}`,
	`{"type":"content_block_delta","delta":{"type":"text_delta","text":"a","stop_reason":"end_turn"}}`,
}

func TestUsualPiecesAreReadTheFastWay(t *testing.T) {
	for _, piece := range chatPieces {
		assert.True(t, (&chatAnswer{}).usual([]byte(piece), time.Time{}), piece)
	}
	for _, piece := range responsesPieces {
		assert.True(t, (&responsesAnswer{}).usual([]byte(piece), time.Time{}), piece)
	}
	for _, piece := range anthropicPieces {
		assert.True(t, (&anthropicAnswer{}).usual([]byte(piece), time.Time{}), piece)
	}
}

// seeds are pieces of all services and what looks like them.
func seeds(f *testing.F) {
	for _, all := range [][]string{chatPieces, responsesPieces, anthropicPieces, geminiPieces, oddPieces} {
		for _, piece := range all {
			f.Add([]byte(piece))
		}
	}
}

// FuzzTheFastWayReadsAsTheSlowOne compares what is read by hand with what
// encoding/json reads.
func FuzzTheFastWayReadsAsTheSlowOne(f *testing.F) {
	seeds(f)
	f.Add([]byte(`{"id":"c","model":"m","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":8,"total_tokens":128,"completion_tokens_details":{"reasoning_tokens":3,"audio_tokens":0},"prompt_tokens_details":{"cached_tokens":64}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		at := time.Time{}
		fast, slow := &chatAnswer{}, &chatAnswer{}
		if fast.usual(data, at) {
			var c chunk
			require.NoError(t, json.Unmarshal(data, &c))
			require.NoError(t, slow.add(c, at))
			require.Equal(t, []any{slow.Response(wire.Exchange{}), slow.choices, slow.finish}, []any{fast.Response(wire.Exchange{}), fast.choices, fast.finish})
		}
		r, s := &responsesAnswer{}, &responsesAnswer{}
		if r.usual(data, at) {
			require.NoError(t, s.rare("", data, at))
			require.Equal(t, []any{s.Response(wire.Exchange{}), s.pieces, s.thought}, []any{r.Response(wire.Exchange{}), r.pieces, r.thought})
		}
		a, b := &anthropicAnswer{}, &anthropicAnswer{}
		if a.usual(data, at) {
			require.NoError(t, b.rare("", data, at))
			require.Equal(t, []any{b.Response(wire.Exchange{}), b.begun, b.thought, b.stop}, []any{a.Response(wire.Exchange{}), a.begun, a.thought, a.stop})
		}
	})
}

// answers are those of all providers.
func answers() map[string]answer {
	return map[string]answer{"chat": &chatAnswer{}, "responses": &responsesAnswer{}, "anthropic": &anthropicAnswer{}, "gemini": &geminiAnswer{}}
}

// FuzzStreams feeds what a hostile server may send: nothing may panic, and what is
// kept is bounded by what was sent.
func FuzzStreams(f *testing.F) {
	seeds(f)
	f.Add([]byte("event: error\ndata: {\"error\":{\"type\":1,\"code\":{}}}\n\ndata: [DONE]\n\n"))
	f.Add([]byte(`{"type":"message","content":[{"type":"thinking","thinking":"x"}],"usage":{"input_tokens":-1}}`))
	f.Add([]byte(`{"status":"completed","output":[{"type":"reasoning","summary":[{"text":"x"},{"text":"y"}]}],"usage":{"output_tokens_details":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, a := range answers() {
			in := wire.NewEvents(strings.NewReader("data: " + string(data)))
			for {
				ev, err := in.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
				if a.Event(ev, time.Now()) != nil {
					break
				}
			}
			bounded(t, name, a, len(data))
		}
		for name, a := range answers() {
			_ = a.Whole(data)
			bounded(t, name, a, len(data))
		}
	})
}

func bounded(t *testing.T, name string, a answer, sent int) {
	ended := a.end()
	r := a.Response(wire.Exchange{})
	// A byte that is no UTF-8 becomes three.
	require.LessOrEqual(t, len(r.Raw)+len(r.Reasoning), 3*sent, name)
	if ended == nil {
		require.NotEqual(t, eval.StopUnknown, r.Stop, name)
	}
}

// BenchmarkPiece is what a piece of a stream costs to read.
func BenchmarkPiece(b *testing.B) {
	for name, pieces := range map[string][]string{"chat": chatPieces, "responses": responsesPieces, "anthropic": anthropicPieces, "gemini": geminiPieces} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			at, data, a := time.Now(), []byte(pieces[0]), answers()[name]
			for i := 0; b.Loop(); i++ {
				if i%1000 == 0 {
					a = answers()[name]
				}
				if err := a.Event(wire.Event{Data: data}, at); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("chat by encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		a := &chatAnswer{}
		for b.Loop() {
			var c chunk
			if err := json.Unmarshal([]byte(chatPieces[0]), &c); err != nil {
				b.Fatal(err)
			}
			_ = a.add(c, time.Time{})
		}
	})
	b.Run("chat with its event", func(b *testing.B) {
		b.ReportAllocs()
		stream := strings.Repeat("data: "+chatPieces[0]+"\n\n", 1000)
		in, a := wire.NewEvents(strings.NewReader(stream)), &chatAnswer{}
		for b.Loop() {
			ev, err := in.Next()
			if errors.Is(err, io.EOF) {
				in, a = wire.NewEvents(strings.NewReader(stream)), &chatAnswer{}
				continue
			}
			if err := a.Event(ev, time.Now()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
