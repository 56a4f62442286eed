package runners

import (
	"bytes"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// Decode reads an answer as a provider does.
func Decode(kind string, body []byte, stream bool) (eval.Response, error) {
	type answer interface {
		wire.Answer
		end() error
		Response(wire.Exchange) eval.Response
	}
	var a answer = &completionsAnswer{}
	if kind == "ollama" {
		a = &ollamaAnswer{}
	}
	if !stream {
		if err := a.Whole(body); err != nil {
			return eval.Response{}, err
		}
	} else {
		for line := range bytes.Lines(body) {
			if err := a.Event(wire.Event{Data: line}, time.Now()); err != nil {
				return eval.Response{}, err
			}
		}
	}
	if err := a.end(); err != nil {
		return eval.Response{}, err
	}
	return a.Response(wire.Exchange{}), nil
}
