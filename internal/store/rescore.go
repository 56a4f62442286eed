package store

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
)

// A rescoreLine is a later verdict of a recorded answer.
type rescoreLine struct {
	Benchmark string        `json:"benchmark"`
	Problem   string        `json:"problem"`
	Model     string        `json:"model"`
	Trial     int           `json:"trial"`
	Verdict   *eval.Verdict `json:"verdict,omitempty"`
	Error     *eval.Failure `json:"error,omitempty"`
	// Checks and Judging are what judges said and took who reached no verdict.
	Checks  []eval.Check  `json:"checks,omitempty"`
	Judging *eval.Judging `json:"judging,omitempty"`
	// Measures of the thought, which the verdict enters; absent means none were taken.
	Measures map[string]float64 `json:"measures,omitempty"`
	// Judged is when; an attempt that was made again afterwards is another answer.
	Judged time.Time `json:"judged"`
	// Isolation is of the first line of a file alone, which has no verdict.
	Isolation *eval.Isolation `json:"isolation,omitempty"`
}

// A rescoreHead begins a later judging.
type rescoreHead struct {
	By        string          `json:"by"`
	Started   string          `json:"started"`
	Isolation *eval.Isolation `json:"isolation,omitempty"`
}

// at says whether the verdict is about the answer of this record.
func (l rescoreLine) at(rec *record) bool { return !rec.Started.After(l.Judged) }

func (l rescoreLine) apply(rec *record) {
	rec.Error, rec.Checks, rec.Judging = l.Error, l.Checks, l.Judging
	if l.Verdict != nil {
		rec.judge(*l.Verdict)
	}
	if l.Measures != nil {
		rec.Measures = l.Measures
	}
}

// A Rescore writes the verdicts of a later judging: rescores/NNNN.jsonl. The
// journal is never rewritten.
type Rescore struct {
	mu   sync.Mutex
	file *os.File
	out  *bufio.Writer
}

// Rescore begins a later judging of the run; by names who judges, isolation is of
// the programs that will run, nil for none.
func (r *Run) Rescore(by string, isolation *eval.Isolation) (*Rescore, error) {
	dir := filepath.Join(r.dir, rescoresDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for n := 1; n < 10000; n++ {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("%04d.jsonl", n)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s := &Rescore{file: f, out: bufio.NewWriter(f)}
		head, err := marshalLine(rescoreHead{by, time.Now().UTC().Format(time.RFC3339), isolation})
		if err == nil {
			_, err = s.out.Write(head)
		}
		return s, err
	}
	return nil, fmt.Errorf("%s: too many rescores", dir)
}

// Append records the verdict and the measures of an attempt, or the failure to
// reach them.
func (s *Rescore) Append(a eval.Attempt) error {
	k := a.Key
	l := rescoreLine{Benchmark: k.Benchmark, Problem: k.Problem, Model: k.Model, Trial: k.Trial, Error: a.Err, Measures: a.Measures, Judged: time.Now().UTC()}
	if a.Err == nil {
		l.Verdict = &a.Verdict
	} else {
		l.Checks, l.Judging = a.Verdict.Checks, a.Verdict.Judging
	}
	text, err := marshalLine(l)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = s.out.Write(text)
	return err
}

// Close makes the verdicts durable.
func (s *Rescore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.out.Flush(), s.file.Sync(), s.file.Close())
}

// readRescores gives the newest verdict of each key, and to hold what isolated
// the programs; a torn last line is passed over.
func readRescores(dir string, hold func(*eval.Isolation)) (map[eval.Key]rescoreLine, error) {
	files, err := filepath.Glob(filepath.Join(dir, rescoresDir, "*.jsonl"))
	if err != nil || len(files) == 0 {
		return nil, err
	}
	slices.Sort(files)
	out := map[eval.Key]rescoreLine{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(f)
		for {
			var l rescoreLine
			if err := decoder.Decode(&l); err != nil {
				break
			}
			hold(l.Isolation)
			if l.Benchmark != "" {
				out[eval.Key{Benchmark: l.Benchmark, Problem: l.Problem, Model: l.Model, Trial: l.Trial}] = l
			}
		}
		_ = f.Close()
	}
	return out, nil
}
