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
	"slices"
	"sync"
	"time"
)

// Limits of compilers: generous, for a compiler is slow but not hostile; what it
// compiles may be.
const (
	buildCPU    = 30 * time.Second
	buildWall   = 90 * time.Second
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

func newBuilds(dir string) *builds {
	trim(dir, mostCache)
	return &builds{dir: dir, done: map[[32]byte]*build{}}
}

// of gives the compiled form of sources, or the result of a compiler that
// refused them.
func (s *builds) of(ctx context.Context, b *Box, lang toolchain, sources []file) ([]file, *Result, error) {
	digest := lang.digest(b.Tier(), sources)
	for {
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
		if one.err == nil && (one.failed == nil || one.failed.Status == CompileError && !one.failed.late) {
			return one.files, one.failed, nil
		}
		s.mu.Lock() // no fault of the program: the next one tries again
		if s.done[digest] == one {
			delete(s.done, digest)
		}
		s.mu.Unlock()
		if !errors.Is(one.err, context.Canceled) || ctx.Err() != nil { // another one's end is not ours
			return one.files, one.failed, one.err
		}
	}
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
	r, err := patiently(ctx, b, func() (Result, error) { return b.engine.run(ctx, t) }, func(x *Result) []*Result { return []*Result{x} })
	if err != nil {
		return nil, nil, err
	}
	if r.Status != OK {
		if r.Status != InternalError {
			r.Message, r.late = "the compiler: "+string(r.Status), r.Status == TimeLimit
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
		_ = keep(path, r.Stdout) // a full disk costs a compilation, not a verdict
	}
	return files, nil, nil
}

// mostCache bounds the folder of compiled programs, in bytes.
const mostCache = 2 << 30

// trim removes the oldest compiled programs until the others fit.
func trim(dir string, most int64) {
	entries, err := os.ReadDir(dir)
	if dir == "" || err != nil {
		return
	}
	var infos []os.FileInfo
	var sum int64
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			infos, sum = append(infos, info), sum+info.Size()
		}
	}
	slices.SortFunc(infos, func(a, b os.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range infos {
		if sum <= most {
			return
		}
		if os.Remove(filepath.Join(dir, info.Name())) == nil {
			sum -= info.Size()
		}
	}
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
	left := int64(buildOutput) // an archive can speak of more than it holds
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
		if h.Size > left {
			return nil, errors.New("larger than its archive")
		}
		left -= h.Size
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

// digest names a compiled program: the same sources, command, toolchain and tier,
// for a container may have another compiler at the same path.
func (t toolchain) digest(tier string, sources []file) [32]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q\n", tier, os.Getenv("EVALR_SANDBOX_IMAGE"), t.Path, t.compile, t.stamp())
	for _, f := range sources {
		fmt.Fprintf(h, "%q %d\n", f.name, len(f.data))
		h.Write(f.data)
	}
	return [32]byte(h.Sum(nil))
}
