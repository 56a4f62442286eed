package local

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
)

// ggufFacts is what the header of a GGUF file tells. The format is described in
// llama.cpp's ggml/include/gguf.h.
type ggufFacts struct {
	architecture  string
	parameters    int64 // elements of all tensors
	active        int64 // those that one token uses; 0 where that does not follow
	experts, used int
	context       int
	split         bool // the model is in several files
}

// Bounds of a header, far above those of real files.
const (
	ggufTensors = 1 << 17
	ggufPairs   = 1 << 17
	ggufKey     = 1 << 12
	ggufText    = 64 << 20
	ggufItems   = 1 << 26
	ggufRank    = 8
)

// readGGUF reads the header of a GGUF file.
func readGGUF(path string) (ggufFacts, error) {
	f, err := openFile(path)
	if err != nil {
		return ggufFacts{}, err
	}
	defer f.Close() //nolint:errcheck // read only
	g, err := parseGGUF(f)
	if err != nil {
		return ggufFacts{}, fmt.Errorf("read %s: %w", path, err)
	}
	return g, nil
}

var errGGUF = errors.New("no whole GGUF header")

// experts are the tensors that hold one matrix an expert (llama.cpp,
// src/llama-arch.cpp); the last dimension counts the experts.
var experts = regexp.MustCompile(`^blk\.[0-9]+\.ffn_(gate|up|down|gate_up)_exps\.(weight|bias)$`)

// parseGGUF reads the header from the beginning of a file.
func parseGGUF(r io.Reader) (ggufFacts, error) {
	in := &ggufReader{in: bufio.NewReaderSize(r, 64<<10)}
	var g ggufFacts
	magic, version := in.u32(), in.u32()
	tensors, pairs := in.u64(), in.u64()
	if in.err == nil && (magic != 0x46554747 || version < 2 || version > 3 || tensors > ggufTensors || pairs > ggufPairs) {
		in.err = errGGUF // "GGUF", little-endian
	}
	values := map[string]any{}
	for range pairs {
		if in.err != nil {
			return g, in.err
		}
		key := in.text(ggufKey)
		if v := in.value(in.u32()); v != nil {
			values[key] = v
		}
	}
	g.architecture, _ = values["general.architecture"].(string)
	g.experts = whole(values[g.architecture+".expert_count"])
	g.used = whole(values[g.architecture+".expert_used_count"])
	g.context = whole(values[g.architecture+".context_length"])
	g.split = whole(values["split.count"]) > 1
	in.tensors(tensors, &g)
	return g, in.err
}

// tensors counts the elements of all tensors and of those that a token uses.
func (r *ggufReader) tensors(n uint64, g *ggufFacts) {
	exact := g.experts >= g.used && (g.experts == 0) == (g.used == 0)
	var idle int64
	for range n {
		if r.err != nil {
			return
		}
		name, rank := r.text(ggufKey), r.u32()
		if rank > ggufRank {
			r.err = errGGUF
			return
		}
		elements, last := int64(1), int64(0)
		for range rank {
			last = int64(min(r.u64(), math.MaxInt32))
			if last != 0 && elements > math.MaxInt64/1024/last {
				r.err = errGGUF
				return
			}
			elements *= last
		}
		_, _ = r.u32(), r.u64() // type and offset
		g.parameters += elements
		if g.parameters < 0 {
			r.err = errGGUF
			return
		}
		if experts.MatchString(name) {
			exact = exact && g.experts > 0 && last == int64(g.experts)
			if exact {
				idle += elements / last * int64(g.experts-g.used)
			}
		}
	}
	if exact && r.err == nil {
		g.active = g.parameters - idle
	}
}

// whole is a number of a header as an int; 0 if it is none.
func whole(v any) int {
	n, ok := v.(uint64)
	if !ok || n > math.MaxInt32 {
		return 0
	}
	return int(n)
}

// ggufReader reads little-endian values until the first error.
type ggufReader struct {
	in  *bufio.Reader
	err error
}

func (r *ggufReader) bytes(n int) []byte {
	b := make([]byte, 8)[:n]
	if r.err == nil {
		if _, err := io.ReadFull(r.in, b); err != nil {
			r.err = fmt.Errorf("%w: %w", errGGUF, err)
		}
	}
	return b
}

func (r *ggufReader) u32() uint32 { return binary.LittleEndian.Uint32(r.bytes(4)) }
func (r *ggufReader) u64() uint64 { return binary.LittleEndian.Uint64(r.bytes(8)) }

func (r *ggufReader) skip(n uint64) {
	for n > 0 && r.err == nil {
		step := min(n, 1<<20)
		if _, err := r.in.Discard(int(step)); err != nil {
			r.err = fmt.Errorf("%w: %w", errGGUF, err)
		}
		n -= step
	}
}

// text reads a string of at most so many bytes.
func (r *ggufReader) text(limit uint64) string {
	n := r.u64()
	if r.err == nil && n > limit {
		r.err = errGGUF
	}
	if r.err != nil {
		return ""
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r.in, b); err != nil {
		r.err = fmt.Errorf("%w: %w", errGGUF, err)
	}
	return string(b)
}

// sizes of the values of fixed size, by type.
var ggufSizes = map[uint32]uint64{0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

const (
	ggufUint32 = 4
	ggufInt32  = 5
	ggufString = 8
	ggufArray  = 9
	ggufUint64 = 10
)

// value reads a value; only short texts and whole numbers are kept.
func (r *ggufReader) value(kind uint32) any {
	switch kind {
	case ggufUint32, ggufInt32:
		return uint64(r.u32())
	case ggufUint64:
		return r.u64()
	case ggufString:
		n := r.u64()
		if r.err == nil && n > ggufText {
			r.err = errGGUF
		}
		if n > ggufKey {
			r.skip(n)
			return nil
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(r.in, b); err != nil && r.err == nil {
			r.err = fmt.Errorf("%w: %w", errGGUF, err)
		}
		return string(b)
	case ggufArray:
		r.array()
		return nil
	}
	size, ok := ggufSizes[kind]
	if !ok && r.err == nil {
		r.err = errGGUF
	}
	r.skip(size)
	return nil
}

// array skips an array; arrays of arrays are no part of real headers.
func (r *ggufReader) array() {
	kind, n := r.u32(), r.u64()
	size, fixed := ggufSizes[kind]
	if r.err == nil && (n > ggufItems || !fixed && kind != ggufString) {
		r.err = errGGUF
	}
	if fixed {
		r.skip(n * size)
		return
	}
	for i := uint64(0); i < n && r.err == nil; i++ {
		length := r.u64()
		if r.err == nil && length > ggufText {
			r.err = errGGUF
		}
		r.skip(length)
	}
}
