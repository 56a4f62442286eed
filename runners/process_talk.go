package runners

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// hear takes a line. The failure is of a program that cannot be understood any
// more.
func (p *process) hear(text []byte) *eval.Failure {
	text = bytes.TrimSpace(text)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(text) == 0 { // it says that it is alive
		p.wind()
		return nil
	}
	first := !p.spoke
	p.spoke = true
	l, f := readCommandLine(text)
	switch {
	case f != nil:
		return f
	case l.Concurrency != nil && !first:
		return wire.Protocol(`it says "concurrency" in a line that is not its first`)
	case l.Concurrency != nil:
		p.of.gate.widen(min(*l.Concurrency, p.of.o.Concurrency))
		p.wind()
		return nil
	}
	asked, ok := p.waiting[*l.ID]
	if !ok {
		return wire.Protocol(fmt.Sprintf(`it answers "id" %d, which it was not asked or has answered`, *l.ID))
	}
	delete(p.waiting, *l.ID)
	p.wind()
	out, f := l.answer()
	if f != nil {
		f.Message = p.of.called + ": " + f.Message
	} else {
		p.of.answered()
	}
	asked <- heard{out, f}
	p.of.gate.leave()
	return nil
}

// wind winds the watch up while somebody waits.
func (p *process) wind() {
	if len(p.waiting) == 0 {
		p.watch.Stop()
		return
	}
	p.watch.Reset(p.limit())
}

// limit is how long it may be silent; before its first line it may have a model to
// load.
func (p *process) limit() time.Duration {
	if !p.spoke {
		return p.of.o.FirstByte
	}
	return p.of.o.silence
}

// silent is called by the watch.
func (p *process) silent() {
	p.mu.Lock()
	waiting, limit := len(p.waiting), p.limit()
	p.mu.Unlock()
	if waiting > 0 {
		p.kill(&eval.Failure{
			Kind: eval.FailTimeout, Message: fmt.Sprintf("it was silent for %s", limit), Temporary: true, Begun: true,
			Hint: "a program that is at work may write an empty line now and then; --stall waits longer",
		})
	}
}

// ask sends a request and waits for its answer. The place in the gate is freed
// when the program is done with it, which may be later.
func (p *process) ask(ctx context.Context, id int64, line []byte) (eval.Response, error) {
	mine := make(chan heard, 1)
	p.mu.Lock()
	if p.over != nil {
		defer p.mu.Unlock()
		p.of.gate.leave()
		return eval.Response{}, neverSent(p.over)
	}
	p.waiting[id] = mine
	if len(p.waiting) == 1 {
		p.wind()
	}
	p.mu.Unlock()
	select {
	case p.lines <- line:
	case <-p.exited: // it will be buried
	case <-ctx.Done():
		p.forget(id)
		return eval.Response{}, ctx.Err()
	}
	select {
	case h := <-mine:
		if h.err != nil {
			return eval.Response{}, h.err
		}
		return h.out, nil
	case <-ctx.Done():
		return eval.Response{}, ctx.Err()
	}
}

// forget takes back a request that was not sent.
func (p *process) forget(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.waiting[id]; ok {
		delete(p.waiting, id)
		p.wind()
		p.of.gate.leave()
	}
}
