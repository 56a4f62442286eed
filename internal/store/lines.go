package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"
)

// chunkSize is how much of a journal is decoded at a time, in bytes.
const chunkSize = 256 << 10

// A chunk is a stretch of whole lines on its way from the file to the reader.
type chunk[T any] struct {
	text    []byte
	last    bool // the file ends with this chunk
	decoded []T
	err     error         // of the line after those decoded
	ready   chan struct{} // takes one token when the lines are decoded
}

// decode decodes lines up to the first that fails. A last line that fails is
// torn, and as good as absent.
func (c *chunk[T]) decode(one func(line []byte, to *T) error) {
	c.decoded = c.decoded[:0]
	for rest := c.text; len(rest) > 0 && c.err == nil; {
		end := bytes.IndexByte(rest, '\n') + 1
		n := len(c.decoded)
		c.decoded = append(c.decoded, *new(T))
		if err := one(rest[:end], &c.decoded[n]); err != nil {
			c.decoded = c.decoded[:n]
			if end < len(rest) || !c.last {
				c.err = err
			}
		}
		rest = rest[end:]
	}
	c.ready <- struct{}{}
}

// inOrder decodes the whole lines of a file on all cores and gives what they
// hold in the order of the file. A pointer it gives is valid until the next; an
// error says which line it is about. Each core has its own decoder. The memory in
// use is a few chunks, or a few of the longest line.
func inOrder[T any](file *io.SectionReader, decoder func() func(line []byte, to *T) error) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		cores := runtime.GOMAXPROCS(0)
		// All channels hold every chunk there is: only an empty free makes wait.
		free, todo, order := make(chan *chunk[T], 2*cores), make(chan *chunk[T], 2*cores), make(chan *chunk[T], 2*cores)
		for range 2 * cores {
			free <- &chunk[T]{ready: make(chan struct{}, 1)}
		}
		quit := make(chan struct{})
		var all sync.WaitGroup
		defer all.Wait()
		defer close(quit)
		all.Go(func() {
			defer close(todo)
			defer close(order)
			split(file, free, quit, func(c *chunk[T]) { todo <- c; order <- c })
		})
		for range cores {
			all.Go(func() {
				one := decoder()
				for c := range todo {
					c.decode(one)
				}
			})
		}
		n := 0
		for c := range order {
			<-c.ready
			for i := range c.decoded {
				if n++; !yield(&c.decoded[i], nil) {
					return
				}
			}
			if c.err != nil {
				yield(nil, fmt.Errorf("line %d: %w", n+1, c.err))
				return
			}
			free <- c
		}
	}
}

// split fills free chunks with whole lines until the file ends. What stands
// after the last newline is being written, or torn.
func split[T any](file *io.SectionReader, free <-chan *chunk[T], quit <-chan struct{}, put func(*chunk[T])) {
	var rest []byte // begins the next chunk
	for read := int64(0); ; {
		var c *chunk[T]
		select {
		case c = <-free:
		case <-quit:
			return
		}
		c.text = append(c.text[:0], rest...)
		whole := 0
		var err error
		for whole == 0 && err == nil && read < file.Size() {
			old := len(c.text)
			size := max(chunkSize, 2*old)
			c.text = slices.Grow(c.text, size-old)[:size]
			var n int
			n, err = io.ReadFull(file, c.text[old:])
			read += int64(n)
			c.text = c.text[:old+n]
			whole = bytes.LastIndexByte(c.text, '\n') + 1
		}
		ended := read >= file.Size() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			c.err = err
		}
		rest = append(rest[:0], c.text[whole:]...)
		c.text, c.last = c.text[:whole], ended && len(rest) == 0
		put(c)
		if ended || err != nil {
			return
		}
	}
}
