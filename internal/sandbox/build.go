package sandbox

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Limits of compilers: generous, for a compiler is slow but not hostile; what it
// compiles may be.
const (
	buildCPU    = 60 * time.Second
	buildWall   = 120 * time.Second
	buildMemory = 3 << 30
	buildOutput = 64 << 20 // bytes of the compiled program
)

// builds compiles programs, in the sandbox, and keeps what came of it by the
// digest of sources, command and toolchain.
type builds struct {
	dir  string // empty: kept in memory alone
	mu   sync.Mutex
	done map[[32]byte]*build
}

type build struct {
	once   sync.Once
	files  []file
	failed *Result
	err    error
}

// mostBuilds bounds how many compiled programs are kept in memory.
const mostBuilds = 64

func newBuilds(dir string) *builds { return &builds{dir: dir, done: map[[32]byte]*build{}} }

// of gives the compiled form of sources, or the result of a compiler that
// refused them.
func (s *builds) of(ctx context.Context, b *Box, lang toolchain, sources []file) ([]file, *Result, error) {
	digest := lang.digest(sources)
	s.mu.Lock()
	one := s.done[digest]
	if one == nil {
		if len(s.done) >= mostBuilds {
			clear(s.done)
		}
		one = &build{}
		s.done[digest] = one
	}
	s.mu.Unlock()
	one.once.Do(func() { one.files, one.failed, one.err = s.make(ctx, b, lang, sources, digest) })
	if one.err != nil { // no fault of the program: the next one tries again
		s.mu.Lock()
		delete(s.done, digest)
		s.mu.Unlock()
	}
	return one.files, one.failed, one.err
}

func (s *builds) make(ctx context.Context, b *Box, lang toolchain, sources []file, digest [32]byte) ([]file, *Result, error) {
	path := filepath.Join(s.dir, fmt.Sprintf("%x.tar", digest))
	if s.dir != "" {
		if text, err := os.ReadFile(path); err == nil {
			if files, err := untar(text); err == nil {
				return files, nil, nil
			}
		}
	}
	t := lang.compileTask(sources)
	if err := b.slots.Acquire(ctx, 1); err != nil {
		return nil, nil, err
	}
	b.started.Add(1)
	r, err := b.engine.run(ctx, t)
	b.slots.Release(1)
	if err != nil {
		return nil, nil, err
	}
	if r.Status != OK {
		if r.Status != InternalError {
			r.Message = "the compiler: " + string(r.Status)
			r.Status = CompileError
		}
		r.Stdout = nil
		return nil, &r, nil
	}
	files, err := untar(r.Stdout)
	if err != nil || len(files) == 0 {
		r.Status, r.Stdout, r.Message = CompileError, nil, fmt.Sprint("the compiler gave no program: ", err)
		return nil, &r, nil
	}
	if s.dir != "" {
		if err := keep(path, r.Stdout); err != nil {
			return nil, nil, fmt.Errorf("sandbox: keep a compiled program: %w", err)
		}
	}
	return files, nil, nil
}

// keep writes a file whole or not at all.
func keep(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".build-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil { // programs of another user read it
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// mostBuilt bounds how many files a compiled program may have.
const mostBuilt = 2000

// untar reads the plain files of an archive that a compiler's sandbox wrote.
func untar(text []byte) ([]file, error) {
	var files []file
	r := tar.NewReader(bytes.NewReader(text))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if len(files) == mostBuilt {
			return nil, fmt.Errorf("more than %d files", mostBuilt)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: filepath.Clean("/" + h.Name)[1:], data: data, exec: h.Mode&0o111 != 0})
	}
}

// digest names a compiled program: the same sources, command and toolchain.
func (t toolchain) digest(sources []file) [32]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q\n", t.Path, t.compile, t.stamp())
	for _, f := range sources {
		fmt.Fprintf(h, "%q %d\n", f.name, len(f.data))
		h.Write(f.data)
	}
	return [32]byte(h.Sum(nil))
}
