package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// atoi reads a line that holds a number and padding.
func atoi() func(line []byte, to *int) error {
	return func(line []byte, to *int) (err error) {
		*to, err = strconv.Atoi(string(bytes.TrimRight(line, " \n")))
		return err
	}
}

func readInts(text string, size int64) (got []int, err error) {
	for i, err := range inOrder(io.NewSectionReader(strings.NewReader(text), 0, size), atoi) {
		if err != nil {
			return got, err
		}
		got = append(got, *i)
	}
	return got, nil
}

func TestLinesComeInTheirOrder(t *testing.T) {
	defer goleak.VerifyNone(t)
	for name, padding := range map[string]func(i int) int{
		"many to a chunk":        func(int) int { return 100 },
		"as long as a chunk":     func(i int) int { return chunkSize - len(strconv.Itoa(i)) - 1 },
		"some longer than three": func(i int) int { return (i % 2) * 3 * chunkSize },
	} {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			var want []int
			for i := 0; text.Len() < 20*chunkSize; i++ {
				fmt.Fprintf(&text, "%d%s\n", i, strings.Repeat(" ", padding(i)))
				want = append(want, i)
			}
			for _, tail := range []string{"", "7", "7" + strings.Repeat(" ", 2*chunkSize)} {
				whole := text.String() + tail
				got, err := readInts(whole, int64(len(whole)))
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
		})
	}
}

func TestOnlyTheLastLineMayBeTorn(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []int
		wrong      string
	}{
		{"nothing", "", nil, ""},
		{"no line", "12", nil, ""},
		{"short", "1\n2\n3", []int{1, 2}, ""},
		{"with its newline", "1\n2\n\x00\n", []int{1, 2}, ""},
		{"in the middle", "1\n\x00\n3\n", []int{1}, "line 2"},
		{"before a short one", "1\n2\n\x00\n4", []int{1, 2}, "line 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readInts(c.text, int64(len(c.text)))
			assert.Equal(t, c.want, got)
			if c.wrong == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.wrong)
			}
		})
	}
}

func TestAFileThatWasCutBackEndsThere(t *testing.T) {
	text := strings.Repeat("1\n", 3)
	got, err := readInts(text, 1<<30)
	require.NoError(t, err)
	assert.Len(t, got, 3)
}

// brokenDisk fails behind its text.
type brokenDisk struct{ text string }

var errDisk = errors.New("the disk is broken")

func (b brokenDisk) ReadAt(p []byte, at int64) (int, error) {
	n := copy(p, b.text[min(at, int64(len(b.text))):])
	if n < len(p) {
		return n, errDisk
	}
	return n, nil
}

func TestABrokenDiskIsSaid(t *testing.T) {
	var err error
	for _, err = range inOrder(io.NewSectionReader(brokenDisk{strings.Repeat("1\n", chunkSize)}, 0, 1<<30), atoi) {
		if err != nil {
			break
		}
	}
	require.ErrorIs(t, err, errDisk)
}

func TestReadingEndsWithItsLoop(t *testing.T) {
	defer goleak.VerifyNone(t)
	text := strings.Repeat("1\n", 40*chunkSize)
	n := 0
	for _, err := range inOrder(io.NewSectionReader(strings.NewReader(text), 0, int64(len(text))), atoi) {
		require.NoError(t, err)
		if n++; n == 3 {
			break
		}
	}
	assert.Equal(t, 3, n)
}
