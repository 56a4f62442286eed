package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/evalr/evalr/eval"
)

// A Run is a run folder opened for reading. It may be read while it is being
// written: it is what was recorded when it was opened.
type Run struct {
	dir      string
	manifest Manifest
	rescored map[eval.Key]rescoreLine
	size     int64            // of the journal
	newest   map[eval.Key]int // of keys that failed once: which line counts
	lean     bool             // measures and gaps are passed over
}

// Open opens a run folder for reading.
func Open(dir string) (*Run, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	r := &Run{dir: dir, manifest: m, newest: map[eval.Key]int{}}
	if r.rescored, err = readRescores(dir, r.manifest.Hold); err != nil {
		return nil, err
	}
	info, err := os.Stat(filepath.Join(dir, attemptsFile))
	if errors.Is(err, os.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	r.size = info.Size()
	return r, r.findNewest()
}

// findNewest looks which record of a key counts, where there may be several:
// only an attempt that failed can have a newer one.
func (r *Run) findNewest() error {
	d, i := newDecoder(), 0
	for h, err := range journal(r, (*decoder).head) {
		if err != nil {
			return err
		}
		if _, failed := r.newest[h.key]; failed || h.failed {
			// A head may stand on a torn line.
			if err := d.record(h.line, &record{}); err == nil {
				r.newest[h.key] = i
			}
		}
		i++
	}
	return nil
}

// Manifest gives the manifest as it was when the run was opened; its isolation
// takes later judgings into account.
func (r *Run) Manifest() Manifest { return r.manifest }

// journal reads the whole lines of the journal, in their order.
func journal[T any](r *Run, read func(d *decoder, line []byte, to *T) error) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		if r.size == 0 {
			return
		}
		path := filepath.Join(r.dir, attemptsFile)
		f, err := os.Open(path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close() //nolint:errcheck // read only
		lines := inOrder(io.NewSectionReader(f, 0, r.size), func() func([]byte, *T) error {
			d := newDecoder()
			d.lean = r.lean
			return func(line []byte, to *T) error { return read(d, line, to) }
		})
		for t, err := range lines {
			if err != nil {
				err = fmt.Errorf("%s: %w", path, err)
			}
			if !yield(t, err) {
				return
			}
		}
	}
}

// current reads the records that count: the newest of each key, with the newest
// verdict.
func (r *Run) current() iter.Seq2[*record, error] {
	return func(yield func(*record, error) bool) {
		i := -1
		for rec, err := range journal(r, (*decoder).record) {
			i++
			if err != nil {
				yield(nil, err)
				return
			}
			if at, failed := r.newest[rec.key()]; failed && at > i {
				continue
			}
			if line, ok := r.rescored[rec.key()]; ok && line.at(rec) {
				line.apply(rec)
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// Attempts reads the attempts without their long texts, in the order in which
// they were recorded: the newest record of each key, with the newest verdict.
// Its memory does not grow with the run. Reading uses all cores; it ends when
// the loop does.
func (r *Run) Attempts() iter.Seq2[eval.Attempt, error] {
	return func(yield func(eval.Attempt, error) bool) {
		for rec, err := range r.current() {
			if err != nil {
				yield(eval.Attempt{}, err)
				return
			}
			if !yield(rec.attempt(), nil) {
				return
			}
		}
	}
}

// WithoutMeasures gives the run as one whose attempts have no measures, nor the
// gaps of their streams, which takes a quarter less time to read.
func (r *Run) WithoutMeasures() *Run {
	lean := *r
	lean.lean = true
	return &lean
}

// Transcripts reads the attempts with the texts of request and response.
func (r *Run) Transcripts() iter.Seq2[eval.Attempt, error] {
	return r.TranscriptsOf(func(eval.Attempt) bool { return true })
}

// TranscriptsOf reads the texts of the attempts that are wanted, and of no others.
func (r *Run) TranscriptsOf(wanted func(eval.Attempt) bool) iter.Seq2[eval.Attempt, error] {
	return func(yield func(eval.Attempt, error) bool) {
		f, err := os.Open(filepath.Join(r.dir, transcriptsFile))
		if err != nil {
			yield(eval.Attempt{}, err)
			return
		}
		defer f.Close() //nolint:errcheck // read only
		for rec, err := range r.current() {
			var a eval.Attempt
			if err == nil {
				if !wanted(rec.attempt()) {
					continue
				}
				a, err = withTexts(f, rec)
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

func withTexts(f io.ReaderAt, rec *record) (eval.Attempt, error) {
	a := rec.attempt()
	frame, err := readFrame(f, rec.Transcript)
	if err == nil {
		err = addTexts(&a, frame)
	}
	if err != nil {
		return a, fmt.Errorf("read the transcript of %s: %w", a.Key, err)
	}
	return a, nil
}

// Transcript reads one attempt with its texts.
func (r *Run) Transcript(k eval.Key) (eval.Attempt, error) {
	f, err := os.Open(filepath.Join(r.dir, transcriptsFile))
	if err != nil {
		return eval.Attempt{}, err
	}
	defer f.Close() //nolint:errcheck // read only
	for rec, err := range r.current() {
		if err != nil {
			return eval.Attempt{}, err
		}
		if rec.key() == k {
			return withTexts(f, rec)
		}
	}
	return eval.Attempt{}, fmt.Errorf("%s: no such attempt is recorded", k)
}

// problemLine is a line of problems.jsonl.zst.
type problemLine struct {
	Benchmark string       `json:"benchmark"`
	Problem   eval.Problem `json:"problem"`
}

// Problems reads the problems of the run, by benchmark.
func (r *Run) Problems() (map[string][]eval.Problem, error) {
	return readProblems(filepath.Join(r.dir, problemsFile))
}

func readProblems(path string) (map[string][]eval.Problem, error) {
	packed, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d, err := zstd.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	defer d.Close()
	out := map[string][]eval.Problem{}
	decoder := json.NewDecoder(d)
	for {
		var line problemLine
		if err := decoder.Decode(&line); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		out[line.Benchmark] = append(out[line.Benchmark], line.Problem)
	}
}
