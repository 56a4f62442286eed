package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func handfuls(t *testing.T, r io.Reader) (out [][]string, err error) {
	t.Helper()
	err = eachHandful(r, most, func(lines []numbered) error {
		var texts []string
		for _, l := range lines {
			texts = append(texts, string(l.text)+l.problem)
		}
		out = append(out, texts)
		return nil
	})
	return out, err
}

func TestHandfuls(t *testing.T) {
	got, err := handfuls(t, strings.NewReader("a\n\nb\nc"))
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"a", "b"}, {"c"}}, got, "the last line may still be growing")

	got, err = handfuls(t, strings.NewReader(strings.Repeat("a\n", most+1)))
	require.NoError(t, err)
	assert.Len(t, got, 2)

	got, err = handfuls(t, strings.NewReader(strings.Repeat(strings.Repeat("a", mostBytes/2)+"\n", 3)))
	require.NoError(t, err)
	for _, lines := range got {
		assert.LessOrEqual(t, len(lines), 2, "a handful ends by bytes")
	}
}

func TestHandfulsOfALineTooLong(t *testing.T) {
	long := io.MultiReader(strings.NewReader("a\n"), io.LimitReader(letters{}, maxLine+1000), strings.NewReader("\nb\n"))
	got, err := handfuls(t, long)
	require.NoError(t, err)
	var all []string
	for _, lines := range got {
		all = append(all, lines...)
	}
	assert.Equal(t, []string{"a", "the line is longer than 64 MiB", "b"}, all)
}

func TestHandfulsBeforeAnErrorOfReading(t *testing.T) {
	broken := errors.New("broken")
	got, err := handfuls(t, io.MultiReader(strings.NewReader("a\nb\n"), failing{broken}))
	require.ErrorIs(t, err, broken)
	var all []string
	for _, lines := range got {
		all = append(all, lines...)
	}
	assert.Equal(t, []string{"a", "b"}, all, "what was read is judged")
}

// letters never ends.
type letters struct{}

func (letters) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
