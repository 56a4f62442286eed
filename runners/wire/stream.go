package wire

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"time"
)

// A stream is an answer that comes in pieces.
type stream struct {
	body  io.Reader
	most  int64 // bytes of it
	x     *Exchange
	alive func() // called at every event
}

// readers are kept for the next stream: a buffer for each of many short answers would
// be most of the memory that asking takes.
var readers = sync.Pool{New: func() any { return NewEvents(nil) }}

func (s *stream) events(a Answer) error {
	in := readers.Get().(*Events)
	defer in.release()
	in.r.Reset(s.body)
	for {
		ev, err := in.Next()
		if errors.Is(err, io.EOF) {
			return s.ended()
		}
		if err != nil {
			return err
		}
		if err := s.hand(a, ev); err != nil {
			return err
		}
	}
}

// lines reads JSON lines, each as an event without a name.
func (s *stream) lines(a Answer) error {
	in := readers.Get().(*Events)
	defer in.release()
	in.r.Reset(s.body)
	for {
		line, err := in.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if err := s.hand(a, Event{Data: line}); err != nil {
				return err
			}
		}
		if err != nil {
			return s.ended()
		}
	}
}

func (s *stream) hand(a Answer, ev Event) error {
	if err := s.ended(); err != nil { // the event is cut
		return err
	}
	s.alive()
	s.x.Events++
	if err := a.Event(ev, time.Now()); err != nil {
		if isFailure(err) {
			return err
		}
		if ev.Name == "error" {
			return ServerError(string(ev.Data))
		}
		return protocol("a piece of the stream is not understood (%v): %s", err, short(string(ev.Data)))
	}
	if d, ok := a.(interface{ Size() int }); ok && d.Size() > maxBody {
		return protocol("the answer is larger than %d MiB", maxBody>>20)
	}
	return nil
}

// ended is the error of a stream that is cut because it has no end.
func (s *stream) ended() error {
	if l, ok := s.body.(*io.LimitedReader); ok && l.N <= 0 {
		return protocol("the answer is larger than %d MiB", s.most>>20)
	}
	return nil
}
