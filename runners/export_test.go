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
	var a answer = &chatAnswer{}
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

// OpenCommand opens a program that is started again almost at once.
func OpenCommand(spec string, o Options) (eval.Runner, error) {
	t, err := Parse(spec)
	if err != nil {
		return nil, err
	}
	quick := patience{first: time.Microsecond, most: time.Millisecond, ends: usualPatience.ends, grace: 50 * time.Millisecond}
	return newCommand(opening{t, wire.Secret{}, o.filled(), keyVars()}, quick)
}

// Words splits a command line.
func Words(line string) ([]string, error) { return words(line) }

// ReadCommandLine reads a line of a program: an answer, or how many requests it
// takes at once.
func ReadCommandLine(line []byte) (out eval.Response, hello int, f *eval.Failure) {
	l, f := readCommandLine(line)
	switch {
	case f != nil:
		return out, 0, f
	case l.Concurrency != nil:
		return out, *l.Concurrency, nil
	}
	out, f = l.answer()
	return out, 0, f
}
