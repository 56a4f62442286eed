package mathx

import (
	"encoding/hex"
	"hash/fnv"
)

// A worker holds what one comparison builds: the atoms, and the work that is
// left to do. Every operation costs units of work by its size, so that no input
// takes long.
type worker struct {
	atoms  []atom
	work   int
	log10  bool // read a bare log as the decimal one
	degree bool // read the degree sign as π/180; else as 1
}

// MaxWork bounds one comparison, in units of about 10 ns each. The last operation
// may take the slack.
const (
	MaxWork = 500_000
	slack   = 80_000
	budget  = MaxWork - slack
)

func (w *worker) spend(n int) bool {
	w.work -= n
	return w.work > 0
}

// maxKey bounds the keys of atoms: what is nested in one another would grow by
// powers. Longer ones are named by their hash of 128 bits.
const maxKey = 512

func (w *worker) atom(a atom) int32 {
	if len(a.key) > maxKey {
		w.work -= len(a.key) / 4
		h := fnv.New128a()
		h.Write([]byte(a.key))
		a.key = "#" + hex.EncodeToString(h.Sum(nil))
	}
	for i := range w.atoms {
		if w.atoms[i].kind == a.kind && w.atoms[i].key == a.key && w.atoms[i].value == a.value {
			return int32(i)
		}
	}
	w.work -= 4 + len(w.atoms)
	w.atoms = append(w.atoms, a)
	return int32(len(w.atoms) - 1)
}
