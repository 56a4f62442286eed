package wire_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/runners/wire"
)

// A file of lines is read line by line whatever type it gives itself, and may be
// larger than any answer.
func TestAFileOfLines(t *testing.T) {
	const n = 80
	line := append(bytes.Repeat([]byte("x"), 1<<20), '\n')
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		for range n {
			_, _ = w.Write(line)
		}
	}))
	defer server.Close()
	c := wire.New(wire.Options{Base: server.URL, FirstByte: time.Minute, Stall: time.Minute})
	var got lineCounter
	x, err := c.Ask(t.Context(), wire.Call{Method: http.MethodGet, Path: "/file", Lines: true}, &got)
	require.NoError(t, err)
	assert.Equal(t, lineCounter(n), got)
	assert.Equal(t, n, x.Events)
	_, err = c.Fetch(t.Context(), wire.Call{Method: http.MethodGet, Path: "/file"})
	require.ErrorContains(t, err, "larger than 64 MiB")
}

type lineCounter int

func (c *lineCounter) Event(ev wire.Event, _ time.Time) error {
	if len(ev.Data) == 1<<20 {
		*c++
	}
	return nil
}

func (c *lineCounter) Whole([]byte) error { return nil }
