package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func all(t *testing.T, stream string) []Event {
	t.Helper()
	in := NewEvents(strings.NewReader(stream))
	var out []Event
	for {
		ev, err := in.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		ev.Data = bytes.Clone(ev.Data)
		out = append(out, ev)
	}
}

func TestEvents(t *testing.T) {
	for name, c := range map[string]struct {
		stream string
		want   []Event
	}{
		"a byte order mark":        {"\ufeffdata: a\n\n", []Event{{"", []byte("a")}}},
		"one":                      {"data: a\n\n", []Event{{"", []byte("a")}}},
		"no space":                 {"data:a\n\n", []Event{{"", []byte("a")}}},
		"several lines":            {"data: a\ndata: b\n\n", []Event{{"", []byte("a\nb")}}},
		"carriage returns":         {"data: a\r\n\r\ndata: b\r\n\r\n", []Event{{"", []byte("a")}, {"", []byte("b")}}},
		"comments":                 {": x\n\n: y\ndata: a\n\n", []Event{{"", []byte("a")}}},
		"a name":                   {"event: error\ndata: a\n\n", []Event{{"error", []byte("a")}}},
		"no blank line at the end": {"data: a", []Event{{"", []byte("a")}}},
		"bare JSON":                {"{\"error\":1}\n", []Event{{"", []byte("{\"error\":1}")}}},
		"nothing":                  {"\n\n\n", nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, all(t, c.stream)) })
	}
}

func TestALineWithoutEndIsRefused(t *testing.T) {
	in := NewEvents(io.MultiReader(strings.NewReader("data: "), strings.NewReader(strings.Repeat("x", maxEventLine+1))))
	_, err := in.Next()
	require.ErrorIs(t, err, errLongLine)
}

func FuzzEvents(f *testing.F) {
	f.Add("data: a\n\nevent: error\r\ndata: {}\n\n: c\n")
	f.Fuzz(func(t *testing.T, stream string) {
		n := 0
		for _, ev := range all(t, stream) {
			n += len(ev.Data) + len(ev.Name)
		}
		assert.LessOrEqual(t, n, len(stream)+strings.Count(stream, "\n")+1)
	})
}
