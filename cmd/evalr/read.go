package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// A numbered line has a problem where its text could not be kept.
type numbered struct {
	number  int
	text    []byte
	problem string
}

// bad is the result of a line that is no good.
func (l numbered) bad(why string) lineError { return lineError{Line: l.number, Error: why} }

// read decodes the line, which must be one JSON object. Unknown keys are passed
// over, but not a key by which others call one of ours: slips gives ours.
func (l numbered) read(into any, slips map[string]string) error {
	if err := json.Unmarshal(l.text, into); err != nil {
		return fmt.Errorf("not a JSON object of the expected form: %w", err)
	}
	if len(slips) == 0 {
		return nil
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(l.text, &keys); err != nil || keys == nil {
		return errors.New("not a JSON object")
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if ours, ok := slips[key]; ok && keys[ours] == nil {
			return fmt.Errorf("unknown key %q: it is called %q here", key, ours)
		}
	}
	return nil
}

// A handful has at most so many lines, enough to make handing it over cheap, and
// ends with the line that brings it to mostBytes.
const (
	most      = 64
	mostBytes = 256 << 10
	maxLine   = 64 << 20
)

// eachHandful calls f with the lines that are not blank, numbered from one, as
// many at once as have come, at most atOnce. The texts are f's to keep. f has had
// all lines before an error of reading.
func eachHandful(r io.Reader, atOnce int, f func([]numbered) error) error {
	in := bufio.NewReaderSize(r, 1<<18)
	var lines []numbered
	size := 0
	for n := 1; ; n++ {
		text, long, err := readLine(in)
		if text = bytes.TrimSpace(text); long {
			lines = append(lines, numbered{number: n, problem: fmt.Sprintf("the line is longer than %d MiB", maxLine>>20)})
		} else if len(text) > 0 {
			lines = append(lines, numbered{number: n, text: text})
		}
		size += len(text)
		if len(lines) > 0 && (err != nil || len(lines) == atOnce || size >= mostBytes || !lineWaits(in)) {
			if ferr := f(lines); ferr != nil {
				return ferr
			}
			lines, size = nil, 0
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// lineWaits says whether the next line can be read without waiting for it.
func lineWaits(in *bufio.Reader) bool {
	waiting, _ := in.Peek(in.Buffered())
	return bytes.IndexByte(waiting, '\n') >= 0
}

// readLine reads a line; io.EOF comes with the last. What is long, of more than
// maxLine bytes, is passed over.
func readLine(in *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxLine {
			line, long = line[:0], true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if long {
				line = nil
			}
			return line, long, err
		}
	}
}
