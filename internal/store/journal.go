package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/evalr/evalr/eval"
)

const syncEvery = 200 * time.Millisecond

// A Journal writes a run folder. It holds the folder's lock; its methods may be
// called from many goroutines.
//
// Append writes an attempt's frame and then its line, both at once, so that
// whatever kills the process leaves at most the attempt in hand unrecorded.
// Only fsync is grouped.
type Journal struct {
	dir     string
	lock    *lock
	encoder *zstd.Encoder
	quick   *zstd.Encoder // for short texts
	repairs []string

	mu          sync.Mutex
	manifest    Manifest
	attempts    *os.File
	transcripts *os.File
	lineEnd     int64 // of the last whole record
	frameEnd    int64
	done        map[eval.Key]bool
	dirty       bool
	broken      error // a failed write that could not be taken back

	quit chan struct{}
	idle sync.WaitGroup
}

// Create makes a run folder. It fails if dir holds a run already.
func Create(dir string, m Manifest) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, manifestFile)); err == nil {
		return nil, fmt.Errorf("%s holds a run already", dir)
	}
	l, err := takeLock(dir)
	if err != nil {
		return nil, err
	}
	m.Dir, m.Updated = dir, time.Now().UTC()
	if err := writeManifest(dir, m); err != nil {
		return nil, errors.Join(err, l.release())
	}
	return openJournal(dir, l, m)
}

// Resume opens a run folder for further attempts: it takes the lock, cuts a
// torn tail back to the last whole record (see Repairs) and learns which keys
// are done. The error wraps ErrLocked if another process is writing.
func Resume(dir string) (*Journal, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	l, err := takeLock(dir)
	if err != nil {
		return nil, err
	}
	return openJournal(dir, l, m)
}

func openJournal(dir string, l *lock, m Manifest) (_ *Journal, err error) {
	j := &Journal{dir: dir, lock: l, manifest: m, done: map[eval.Key]bool{}, quit: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, j.closeFiles())
		}
	}()
	if j.encoder, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault)); err != nil {
		return nil, err
	}
	if j.quick, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithNoEntropyCompression(true)); err != nil {
		return nil, err
	}
	if j.attempts, err = os.OpenFile(filepath.Join(dir, attemptsFile), os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	if j.transcripts, err = os.OpenFile(filepath.Join(dir, transcriptsFile), os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	if err = j.repair(); err != nil {
		return nil, fmt.Errorf("repair %s: %w", dir, err)
	}
	j.idle.Go(j.syncNowAndThen)
	return j, nil
}

// shortText is a transcript in bytes below which the tables of a good compression
// take more time than all else that is recorded, for some dozen bytes.
const shortText = 2 << 10

// Append records an attempt. After an error the folder still holds every
// attempt appended before, and can be resumed.
func (j *Journal) Append(a eval.Attempt) error {
	text, err := transcriptOf(a)
	if err != nil {
		return fmt.Errorf("record %s: %w", a.Key, err)
	}
	encoder := j.encoder
	if len(text) < shortText {
		encoder = j.quick
	}
	frame := encoder.EncodeAll(text, nil)
	r := recordOf(a)

	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return j.broken
	}
	r.Transcript = span{Offset: j.frameEnd, Length: int64(len(frame))}
	line, err := marshalLine(r)
	if err != nil {
		return fmt.Errorf("record %s: %w", a.Key, err)
	}
	if err := j.write(frame, line); err != nil {
		return fmt.Errorf("record %s: %w", a.Key, err)
	}
	j.dirty = true
	if a.Err == nil {
		j.done[a.Key] = true
	}
	return nil
}

// marshalLine gives a line of JSON with < and > as they are.
func marshalLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// write puts a frame and its line at the ends of the files; on failure it takes
// back what was written in part.
func (j *Journal) write(frame, line []byte) error {
	_, err := j.transcripts.WriteAt(frame, j.frameEnd)
	if err == nil {
		_, err = j.attempts.WriteAt(line, j.lineEnd)
	}
	if err != nil {
		if undo := errors.Join(j.attempts.Truncate(j.lineEnd), j.transcripts.Truncate(j.frameEnd)); undo != nil {
			j.broken = fmt.Errorf("an earlier write failed: %w", errors.Join(err, undo))
		}
		return err
	}
	j.frameEnd += int64(len(frame))
	j.lineEnd += int64(len(line))
	return nil
}

func (j *Journal) syncNowAndThen() {
	tick := time.NewTicker(syncEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			j.mu.Lock()
			dirty := j.dirty
			j.dirty = false
			j.mu.Unlock()
			if dirty { // outside the lock: appending goes on
				_ = j.sync()
			}
		case <-j.quit:
			return
		}
	}
}

// sync makes frames durable before the lines that commit them.
func (j *Journal) sync() error { return errors.Join(j.transcripts.Sync(), j.attempts.Sync()) }

// Done gives the keys that have a verdict. Attempts that ended in an Err are
// not done: a resumed run makes them again.
func (j *Journal) Done() map[eval.Key]bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.done)
}

// Repairs says what was cut off when the folder was opened.
func (j *Journal) Repairs() []string { return j.repairs }

// Manifest gives the manifest as it was last written.
func (j *Journal) Manifest() Manifest {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.manifest
}

// SetManifest changes the manifest and writes it, whole or not at all.
func (j *Journal) SetManifest(change func(*Manifest)) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	m := j.manifest
	change(&m)
	m.Updated = time.Now().UTC()
	if err := writeManifest(j.dir, m); err != nil {
		return err
	}
	j.manifest = m
	return nil
}

// PutProblems records the problems of a benchmark, once: they serve rescoring
// and reading without the dataset.
func (j *Journal) PutProblems(benchmark string, problems []eval.Problem) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	path := filepath.Join(j.dir, problemsFile)
	old, err := readProblems(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, there := old[benchmark]; there {
		return nil
	}
	file, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var lines bytes.Buffer
	e := json.NewEncoder(&lines)
	for _, p := range problems {
		if err := e.Encode(problemLine{Benchmark: benchmark, Problem: p}); err != nil {
			return fmt.Errorf("problem %s: %w", p.ID, err)
		}
	}
	return writeAtomic(path, j.encoder.EncodeAll(lines.Bytes(), file))
}

// Close makes everything durable and gives the lock back.
func (j *Journal) Close() error {
	j.mu.Lock()
	closed := j.attempts == nil
	j.mu.Unlock()
	if closed {
		return nil
	}
	close(j.quit)
	j.idle.Wait()
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.sync()
	return errors.Join(err, j.closeFiles())
}

func (j *Journal) closeFiles() error {
	var err error
	for _, f := range []*os.File{j.attempts, j.transcripts} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	j.attempts, j.transcripts = nil, nil
	return errors.Join(err, j.lock.release())
}
