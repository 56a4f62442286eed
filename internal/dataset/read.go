package dataset

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
)

// A File is a dataset's file as it was read.
type File struct {
	Path   string
	SHA256 string // of the file's bytes, in hexadecimal
	Rows   []Row
}

// maxUnpacked bounds what a packed file may unpack to, in bytes.
const maxUnpacked = 4 << 30

// Read reads a file of rows: JSON lines, a JSON array, or Parquet, the first two
// also packed by gzip (.gz) or zstd (.zst). Errors name file and line; a file
// that was cut short is said to be so.
func Read(path string) (File, error) {
	file := File{Path: path}
	packed, err := os.ReadFile(path)
	if err != nil {
		return file, fmt.Errorf("read a dataset: %w", err)
	}
	sum := sha256.Sum256(packed)
	file.SHA256 = hex.EncodeToString(sum[:])
	if strings.HasSuffix(path, ".parquet") {
		file.Rows, err = readParquet(path, packed)
		return file, err
	}
	text, err := unpack(path, packed)
	if err != nil {
		return file, err
	}
	file.Rows, err = Decode(path, text)
	return file, err
}

func unpack(path string, packed []byte) ([]byte, error) {
	var r io.Reader
	switch {
	case strings.HasSuffix(path, ".gz"):
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, fmt.Errorf("%s: not a gzip file: %w", path, err)
		}
		r = z
	case strings.HasSuffix(path, ".zst"):
		z, err := zstd.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, fmt.Errorf("%s: not a zstd file: %w", path, err)
		}
		defer z.Close()
		r = z
	default:
		return packed, nil
	}
	text, err := io.ReadAll(io.LimitReader(r, maxUnpacked))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("%s: the file is cut short after line %d: fetch it again", path, bytes.Count(text, []byte("\n")))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return text, nil
}

// Decode decodes JSON lines or a JSON array of objects. name is the file's, for
// errors.
func Decode(name string, text []byte) ([]Row, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '[' {
		return decodeArray(name, trimmed)
	}
	var rows []Row
	reader := bufio.NewReader(bytes.NewReader(text))
	for n := 1; ; n++ {
		line, err := reader.ReadBytes('\n')
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			fields, line, err := object(line)
			if err != nil && last {
				return nil, fmt.Errorf("%s:%d: the file is cut short: its last line is no whole JSON object", name, n)
			}
			if err != nil {
				return nil, fmt.Errorf("%s:%d: not a JSON object: %w", name, n, err)
			}
			rows = append(rows, Row{fields: fields, text: line, index: len(rows), where: fmt.Sprintf("%s:%d", name, n)})
		}
		if last {
			return rows, nil
		}
	}
}

func decodeArray(name string, text []byte) ([]Row, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var rows []Row
	for d.More() {
		var fields map[string]any
		at := int(d.InputOffset())
		at += len(text[at:]) - len(bytes.TrimLeft(text[at:], ", \t\r\n"))
		line := 1 + bytes.Count(text[:at], []byte("\n"))
		if err := d.Decode(&fields); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("%s:%d: the file is cut short in row %d", name, line, len(rows))
			}
			return nil, fmt.Errorf("%s:%d: row %d: not a JSON object: %w", name, line, len(rows), err)
		}
		rows = append(rows, Row{fields: fields, index: len(rows), where: fmt.Sprintf("%s: row %d", name, len(rows))})
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("%s: the file is cut short after row %d", name, len(rows)-1)
	}
	return rows, nil
}

// object decodes a line; text is the line as JSON has it, with the words that
// JSON does not have quoted.
func object(line []byte) (fields map[string]any, text []byte, err error) {
	fields, d, err := decodeObject(line)
	if err != nil {
		// Python writes Infinity and NaN, which JSON does not have.
		finite, found := quoteNonFinite(bytes.Clone(line))
		if !found {
			return nil, nil, err
		}
		if fields, d, err = decodeObject(finite); err != nil {
			return nil, nil, err
		}
		restoreNonFinite(fields)
		line = finite
	}
	if fields == nil {
		return nil, nil, errors.New("null")
	}
	if d.More() {
		return nil, nil, errors.New("something follows the object")
	}
	return fields, line, nil
}

func decodeObject(line []byte) (fields map[string]any, d *json.Decoder, err error) {
	d = json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	err = d.Decode(&fields)
	return fields, d, err
}

// nonFinite are the words that Python's json module writes for numbers that
// JSON does not have, longest first.
var nonFinite = []struct {
	word  string
	value float64
}{{"-Infinity", math.Inf(-1)}, {"Infinity", math.Inf(1)}, {"NaN", math.NaN()}}

// NonFinite stands before such a word once it is quoted, in what Row.Raw gives.
const NonFinite = "\x00nonfinite "

// quoteNonFinite quotes these words where they stand outside of strings.
func quoteNonFinite(line []byte) (out []byte, found bool) {
	inside := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case inside && c == '\\' && i+1 < len(line):
			out = append(out, c)
			i++
		case c == '"':
			inside = !inside
		case !inside:
			for _, n := range nonFinite {
				if bytes.HasPrefix(line[i:], []byte(n.word)) {
					out = append(out, `"\u0000nonfinite `+n.word...)
					i += len(n.word) - 1
					found = true
					line[i] = '"'
					break
				}
			}
		}
		out = append(out, line[i])
	}
	return out, found
}

// restoreNonFinite turns the quoted words into numbers, in place.
func restoreNonFinite(v any) any {
	switch v := v.(type) {
	case string:
		if word, ok := strings.CutPrefix(v, NonFinite); ok {
			for _, n := range nonFinite {
				if n.word == word {
					return n.value
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = restoreNonFinite(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = restoreNonFinite(v[k])
		}
	}
	return v
}

func readParquet(path string, packed []byte) (rows []Row, err error) {
	// The library panics on some damaged files.
	defer func() {
		if r := recover(); r != nil {
			rows, err = nil, fmt.Errorf("%s: damaged or cut-short Parquet file: %v", path, r)
		}
	}()
	f, err := parquet.OpenFile(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fmt.Errorf("%s: damaged or cut-short Parquet file: %w", path, err)
	}
	reader := parquet.NewGenericReader[map[string]any](f, f.Schema())
	defer reader.Close() //nolint:errcheck // in memory
	buffer := make([]map[string]any, 64)
	for {
		for i := range buffer {
			buffer[i] = map[string]any{}
		}
		n, err := reader.Read(buffer)
		for _, fields := range buffer[:n] {
			rows = append(rows, Row{fields: fields, index: len(rows), where: fmt.Sprintf("%s: row %d", path, len(rows))})
		}
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", path, len(rows), err)
		}
	}
}
