package cache

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"

	"github.com/evalr/evalr/eval"
)

const (
	layout  = "v1"  // the folder of the answers, of which other versions keep off
	scratch = "tmp" // files that are being written
	// maxFile and maxAnswer bound what a broken file can make the reader take.
	maxFile   = 16 << 20
	maxAnswer = 64 << 20
)

// An entry is the content of a file: one zstd frame, whose checksum tells a file
// that was cut, around this as JSON.
type entry struct {
	Key    string    `json:"key"` // of its own name, so that no moved file answers for another
	Of     Identity  `json:"of"`
	Asked  time.Time `json:"asked"`
	Answer *answer   `json:"answer"`
}

// answer is an eval.Response before it is split.
type answer struct {
	Raw         string     `json:"raw"`
	Reasoning   string     `json:"reasoning,omitempty"`
	Stop        eval.Stop  `json:"stop"`
	Usage       eval.Usage `json:"usage"`
	Timing      timing     `json:"timing"`
	Model       string     `json:"model,omitempty"`
	Fingerprint string     `json:"fingerprint,omitempty"`
	Cost        *float64   `json:"cost_usd,omitempty"`
}

// timing is an eval.Timing; times are in nanoseconds.
type timing struct {
	Queue       time.Duration `json:"queue,omitempty"`
	FirstToken  time.Duration `json:"first_token,omitempty"`
	FirstAnswer time.Duration `json:"first_answer,omitempty"`
	Total       time.Duration `json:"total,omitempty"`
	Gaps        int           `json:"gaps,omitempty"`
	P50         time.Duration `json:"gap_p50,omitempty"`
	P99         time.Duration `json:"gap_p99,omitempty"`
	Max         time.Duration `json:"gap_max,omitempty"`
}

// keeps says whether an answer is finished, and can be kept as it is: JSON would
// change bytes that are no text.
func keeps(r eval.Response) bool {
	return finished(r.Stop) && !r.Cached && utf8.ValidString(r.Raw) && utf8.ValidString(r.Reasoning)
}

func finished(s eval.Stop) bool {
	return s == eval.StopEnd || s == eval.StopLength || s == eval.StopRefusal
}

func answerOf(r eval.Response) *answer {
	t := r.Timing
	return &answer{
		Raw: r.Raw, Reasoning: r.Reasoning, Stop: r.Stop, Usage: r.Usage, Model: r.Model, Fingerprint: r.Fingerprint, Cost: r.Cost,
		Timing: timing{t.Queue, t.FirstToken, t.FirstAnswer, t.Total, t.Gaps.N, t.Gaps.P50, t.Gaps.P99, t.Gaps.Max},
	}
}

func (a *answer) response() eval.Response {
	t := a.Timing
	return eval.Response{
		Raw: a.Raw, Reasoning: a.Reasoning, Stop: a.Stop, Usage: a.Usage, Model: a.Model, Fingerprint: a.Fingerprint,
		Timing: eval.Timing{
			Queue: t.Queue, FirstToken: t.FirstToken, FirstAnswer: t.FirstAnswer, Total: t.Total,
			Gaps: eval.Gaps{N: t.Gaps, P50: t.P50, P99: t.P99, Max: t.Max},
		},
		Cost: new(float64), Cached: true,
	}
}

// encoder and decoder may be used by many at once.
var (
	encoder = must(zstd.NewWriter(nil, zstd.WithEncoderCRC(true), zstd.WithWindowSize(1<<20)))
	decoder = must(zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxAnswer), zstd.WithDecoderConcurrency(0)))
)

func must[T any](x T, err error) T {
	if err != nil {
		panic(err) // options that are wrong
	}
	return x
}

// load looks a key up. A file that cannot be used is as good as absent.
func (c *Cache) load(k key) (eval.Response, bool) {
	path := c.path(k)
	a, err := read(path, k)
	if err != nil {
		missing := errors.Is(err, fs.ErrNotExist)
		c.count(func(s *Stats) {
			s.Misses++
			if !missing {
				s.Broken++
			}
		})
		if !missing {
			c.warnOf("the cached answer %s cannot be used and is asked again: %v", path, err)
		}
		return eval.Response{}, false
	}
	c.count(func(s *Stats) {
		s.Hits++
		if a.Cost != nil {
			s.SavedUSD += *a.Cost
		}
	})
	return a.response(), true
}

func read(path string, k key) (*answer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	packed, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	return decode(packed, k)
}

// decode reads the content of a file.
func decode(packed []byte, k key) (*answer, error) {
	if len(packed) > maxFile {
		return nil, fmt.Errorf("it is larger than %d bytes", maxFile)
	}
	text, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	var e entry
	switch err := json.Unmarshal(text, &e); {
	case err != nil:
		return nil, err
	case e.Key != hex.EncodeToString(k[:]):
		return nil, errors.New("it belongs to another request")
	case e.Answer == nil || !finished(e.Answer.Stop):
		return nil, errors.New("it holds no finished answer")
	}
	return e.Answer, nil
}

// store puts an answer into its place. That a file is whole is told by its
// checksum, so the disk need not be waited for: what a crash cuts is asked again.
func (c *Cache) store(k key, id Identity, out eval.Response) {
	err := c.write(k, entry{Key: hex.EncodeToString(k[:]), Of: id, Asked: time.Now().UTC(), Answer: answerOf(out)})
	if err != nil {
		c.warnOf("an answer could not be cached: %v", err)
		return
	}
	c.count(func(s *Stats) { s.Stored++ })
}

func (c *Cache) write(k key, e entry) (err error) {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	packed := encoder.EncodeAll(text, nil)
	if len(packed) > maxFile || len(text) > maxAnswer {
		return fmt.Errorf("it has %d bytes", len(text))
	}
	f, err := os.CreateTemp(filepath.Join(c.dir, scratch), "*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(packed)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	path := c.path(k)
	if err = os.Rename(f.Name(), path); errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = os.Rename(f.Name(), path)
		}
	}
	return err
}

// sweep takes away what processes that died left half written.
func sweep(dir string) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, f := range files {
		if info, err := f.Info(); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.Remove(filepath.Join(dir, f.Name()))
		}
	}
}
