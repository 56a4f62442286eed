package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// An Event is one server-sent event. Data is valid until the next one is read.
type Event struct {
	Name string
	Data []byte
}

// errLongLine says that a line of a stream is longer than any token.
var errLongLine = errors.New("a line of the stream is too long")

const maxEventLine = 16 << 20 // bytes

// Events reads server-sent events (WHATWG HTML, section 9.2.6): comments and a byte
// order mark are passed over, data of several lines is joined, lines end in LF or CR
// LF; a CR alone, which the standard allows and nobody sends, is not understood. What stands behind the last blank line is an event too, because servers forget
// it. At the end the error is io.EOF.
type Events struct {
	r    *bufio.Reader
	data []byte // of the event that is being read
	long []byte // a line that is longer than the reader's buffer
	read bool   // a line was read before
}

// NewEvents reads the events of a stream. The buffer is small, because ten
// thousand streams may be open at once.
func NewEvents(r io.Reader) *Events { return &Events{r: bufio.NewReaderSize(r, 4<<10)} }

// release gives the reader back for the next stream, unless a line has made it large.
func (e *Events) release() {
	e.r.Reset(nil)
	if cap(e.data)+cap(e.long) <= 64<<10 {
		readers.Put(e)
	}
}

// Next gives the next event.
func (e *Events) Next() (Event, error) {
	ev := Event{}
	e.data = e.data[:0]
	begun := false
	for {
		line, err := e.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return Event{}, err
		}
		ended := err != nil
		if !e.read {
			e.read, line = true, bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(line) > 0 && e.take(&ev, line) {
			begun = true
		}
		switch {
		case begun && (ended || len(line) == 0):
			ev.Data = e.data
			return ev, nil
		case ended:
			return Event{}, io.EOF
		}
	}
}

// take takes a line into the event; false means that it says nothing.
func (e *Events) take(ev *Event, line []byte) bool {
	field, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(field) {
	case "data":
		if len(e.data) > 0 {
			e.data = append(e.data, '\n')
		}
		e.data = append(e.data, value...)
		return true
	case "event":
		ev.Name = string(value)
		return true
	case "", "id", "retry":
		return false
	}
	// A server that fails in the middle of a stream may send bare JSON.
	if bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) {
		e.data = append(e.data, line...)
		return true
	}
	return false
}

// line reads a line without its end, valid until the next; err is io.EOF with the
// last one.
func (e *Events) line() ([]byte, error) {
	e.long = e.long[:0]
	for {
		part, err := e.r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) || len(e.long) > 0 {
			e.long = append(e.long, part...)
			if len(e.long) > maxEventLine {
				return nil, fmt.Errorf("%w: over %d MiB", errLongLine, maxEventLine>>20)
			}
			part = e.long
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return bytes.TrimRight(part, "\r\n"), err
	}
}
