package runners

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// An event is one server-sent event.
type event struct {
	name string
	data []byte
}

// errLongLine says that a line of a stream is longer than any token.
var errLongLine = errors.New("a line of the stream is too long")

const maxEventLine = 16 << 20 // bytes

// events reads server-sent events (WHATWG HTML, section 9.2.6): comments are
// passed over, data of several lines is joined, lines end in LF, CR LF or CR.
// What stands behind the last blank line is an event too, because servers forget
// it. At the end the error is io.EOF.
type events struct{ r *bufio.Reader }

func newEvents(r io.Reader) *events { return &events{bufio.NewReaderSize(r, 32<<10)} }

func (e *events) next() (event, error) {
	var ev event
	begun := false
	for {
		line, err := e.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return event{}, err
		}
		ended := err != nil
		if len(line) == 0 {
			if begun {
				return ev, nil
			}
			if ended {
				return event{}, io.EOF
			}
			continue
		}
		if ev.take(line) {
			begun = true
		}
		if ended {
			if begun {
				return ev, nil
			}
			return event{}, io.EOF
		}
	}
}

// take takes a line into the event; false means that it says nothing.
func (ev *event) take(line []byte) bool {
	field, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(field) {
	case "data":
		if ev.data != nil {
			ev.data = append(ev.data, '\n')
		}
		ev.data = append(ev.data, value...)
		if ev.data == nil {
			ev.data = []byte{}
		}
		return true
	case "event":
		ev.name = string(value)
		return true
	case "", "id", "retry":
		return false
	}
	// A server that fails in the middle of a stream may send bare JSON.
	if bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) {
		ev.data = append(ev.data, line...)
		return true
	}
	return false
}

// line reads a line without its end; err is io.EOF with the last one.
func (e *events) line() ([]byte, error) {
	var out []byte
	for {
		part, err := e.r.ReadSlice('\n')
		out = append(out, part...)
		if len(out) > maxEventLine {
			return nil, fmt.Errorf("%w: over %d MiB", errLongLine, maxEventLine>>20)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return bytes.TrimRight(out, "\r\n"), err
	}
}
