package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"

	"github.com/evalr/evalr/eval"
)

// repair cuts both files back to the last whole record, and learns the done
// keys. A line is whole if it ends in a newline, is a record and its frame lies
// in the transcripts right after the frame before it. Only the tail is ever
// cut: a fault with whole records after it is an error.
func (j *Journal) repair() error {
	size, err := sizeOf(j.transcripts)
	if err != nil {
		return err
	}
	var records []span // of whole records, to step back over frames that do not decode
	var lineEnds []int64
	var keys []eval.Key
	failed := map[int]bool{}
	reader := bufio.NewReaderSize(io.NewSectionReader(j.attempts, 0, 1<<62), 1<<20)
	end, frames, torn, d := int64(0), int64(0), "", newDecoder()
	for n := 1; ; n++ {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if torn != "" {
			return fmt.Errorf("%s: line %d: %s, but there are records after it: the file was damaged; restore it from a copy", attemptsFile, n-1, torn)
		}
		var r record
		switch {
		case err != nil:
			torn = "cut short"
		case d.record(line, &r) != nil || r.Benchmark == "":
			torn = "not a record"
		case r.Transcript.Offset != frames || r.Transcript.Offset+r.Transcript.Length > size:
			torn = "its transcript is missing"
		default:
			failed[len(keys)] = r.Error != nil
			end, frames = end+int64(len(line)), frames+r.Transcript.Length
			records, lineEnds, keys = append(records, r.Transcript), append(lineEnds, end), append(keys, r.key())
		}
	}
	whole := len(records)
	for whole > 0 && !decodes(j.transcripts, records[whole-1]) {
		whole--
	}
	if whole < len(records) {
		end, frames = 0, 0
		if whole > 0 {
			end, frames = lineEnds[whole-1], records[whole-1].Offset+records[whole-1].Length
		}
	}
	for i, k := range keys[:whole] {
		if !failed[i] {
			j.done[k] = true
		}
	}
	j.lineEnd, j.frameEnd = end, frames
	return errors.Join(j.cut(j.attempts, attemptsFile, end), j.cut(j.transcripts, transcriptsFile, frames))
}

// cut shortens a file to size and remembers that it did.
func (j *Journal) cut(f *os.File, name string, size int64) error {
	was, err := sizeOf(f)
	if err != nil || was == size {
		return err
	}
	j.repairs = append(j.repairs, fmt.Sprintf("%s ended in a record that was not written whole; cut off %d bytes", name, was-size))
	return f.Truncate(size)
}

func sizeOf(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// decodes says whether a frame is whole.
func decodes(f *os.File, s span) bool {
	_, err := readFrame(f, s)
	return err == nil
}

// maxFrame bounds what a frame may unpack to, in bytes.
const maxFrame = 1 << 30

func readFrame(f io.ReaderAt, s span) ([]byte, error) {
	packed := make([]byte, s.Length)
	if _, err := f.ReadAt(packed, s.Offset); err != nil {
		return nil, err
	}
	d, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxFrame))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return io.ReadAll(d)
}
