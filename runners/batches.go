package runners

import (
	"errors"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// Requests may be handed in as a batch instead of one by one: at OpenAI
// ("/v1/responses … supported", API reference of batches) and at Anthropic
// (/docs/en/build-with-claude/batch-processing). The body of a request and of an
// answer is that of a single one that is not streamed.

// Batches says where batches of requests are taken.
func (r *responses) Batches() (*wire.Client, string) { return r.client, "/v1/responses" }

// BatchBody is the body of a request that stands in a batch.
func (r *responses) BatchBody(q eval.Request) ([]byte, error) {
	if err := r.Vet(q); err != nil {
		return nil, unsent(err)
	}
	whole := *r
	whole.Options.NoStream = true
	return whole.body(q)
}

// BatchAnswer reads the body of an answer in a batch.
func (r *responses) BatchAnswer(body []byte) (eval.Response, error) {
	return read(r.client, &responsesAnswer{}, body)
}

// Batches says where batches of requests are taken.
func (r *anthropic) Batches() (*wire.Client, string) { return r.client, "/v1/messages" }

// BatchBody is the body of a request that stands in a batch.
func (r *anthropic) BatchBody(q eval.Request) ([]byte, error) {
	if err := r.Vet(q); err != nil {
		return nil, unsent(err)
	}
	whole := *r
	whole.Options.NoStream = true
	return whole.body(q)
}

// BatchAnswer reads the body of an answer in a batch.
func (r *anthropic) BatchAnswer(body []byte) (eval.Response, error) {
	return read(r.client, &anthropicAnswer{}, body)
}

// read reads an answer in one piece that came otherwise than over the wire.
func read(c *wire.Client, a answer, body []byte) (eval.Response, error) {
	err := a.Whole(body)
	var f *eval.Failure
	if err != nil && !errors.As(err, &f) {
		err = wire.Protocol("the answer is not understood: " + err.Error())
	}
	return finish(a, c.Elsewhere(), err)
}
