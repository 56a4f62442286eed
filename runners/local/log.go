package local

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode"
)

// Bounds of what is read of and said from an engine's log, which is hostile text.
const (
	tailBytes = 16 << 10
	tailLines = 20
	lineRunes = 300
)

// escapes are the sequences by which programs colour a terminal.
var escapes = regexp.MustCompile("\x1b\\[[0-9;?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)?|\x1b.?")

// tail gives the last lines of a log file that were written since it had a size,
// clean, at most tailLines. A file that cannot be read has none.
func tail(path string, since int64) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // read only
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil
	}
	if since > size {
		since = 0 // somebody has emptied it
	}
	from := max(since, size-tailBytes)
	text := make([]byte, size-from)
	n, _ := f.ReadAt(text, from)
	lines := clean(text[:n])
	if from > since && len(lines) > 1 {
		lines = lines[1:] // its beginning is cut off
	}
	return lines[max(0, len(lines)-tailLines):]
}

// clean gives the lines of a text without colours, control characters, invalid
// bytes and empty lines. Of a line that was written over by carriage returns the
// last state counts, as on a screen.
func clean(text []byte) []string {
	var out []string
	for line := range bytes.Lines(text) {
		s := strings.TrimRight(strings.ToValidUTF8(string(line), "�"), "\r\n")
		s = s[strings.LastIndexByte(s, '\r')+1:]
		s = escapes.ReplaceAllString(s, "")
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\t':
				return ' '
			case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
				return -1
			}
			return r
		}, s)
		if r := []rune(s); len(r) > lineRunes {
			s = string(r[:lineRunes]) + " …"
		}
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// sizeOf is how long a file is; 0 if it is not there.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
