package runners

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func all(t *testing.T, stream string) []event {
	t.Helper()
	in := newEvents(strings.NewReader(stream))
	var out []event
	for {
		ev, err := in.next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		out = append(out, ev)
	}
}

func TestEvents(t *testing.T) {
	for name, c := range map[string]struct {
		stream string
		want   []event
	}{
		"one":                      {"data: a\n\n", []event{{"", []byte("a")}}},
		"no space":                 {"data:a\n\n", []event{{"", []byte("a")}}},
		"several lines":            {"data: a\ndata: b\n\n", []event{{"", []byte("a\nb")}}},
		"carriage returns":         {"data: a\r\n\r\ndata: b\r\n\r\n", []event{{"", []byte("a")}, {"", []byte("b")}}},
		"comments":                 {": x\n\n: y\ndata: a\n\n", []event{{"", []byte("a")}}},
		"a name":                   {"event: error\ndata: a\n\n", []event{{"error", []byte("a")}}},
		"no blank line at the end": {"data: a", []event{{"", []byte("a")}}},
		"bare JSON":                {"{\"error\":1}\n", []event{{"", []byte("{\"error\":1}")}}},
		"nothing":                  {"\n\n\n", nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, all(t, c.stream)) })
	}
}

func TestALineWithoutEndIsRefused(t *testing.T) {
	in := newEvents(io.MultiReader(strings.NewReader("data: "), strings.NewReader(strings.Repeat("x", maxEventLine+1))))
	_, err := in.next()
	require.ErrorIs(t, err, errLongLine)
}

func FuzzEvents(f *testing.F) {
	f.Add("data: a\n\nevent: error\r\ndata: {}\n\n: c\n")
	f.Fuzz(func(t *testing.T, stream string) {
		n := 0
		for _, ev := range all(t, stream) {
			n += len(ev.data) + len(ev.name)
		}
		assert.LessOrEqual(t, n, len(stream)+strings.Count(stream, "\n")+1)
	})
}
