package local

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
)

// Bounds of what is read of a folder of weights.
const (
	weightFiles  = 2000
	weightHeader = 100 << 20
)

// countSafetensors counts the weights of all *.safetensors files of a folder, and
// those that one token uses. 0 means that they cannot be counted.
func countSafetensors(folder string, experts, used int) (all, active int64) {
	files, err := filepath.Glob(filepath.Join(folder, "*.safetensors"))
	if err != nil || len(files) == 0 || len(files) > weightFiles {
		return 0, 0
	}
	w := weights{each: map[string]map[int]int64{}}
	for _, file := range files {
		f, err := openFile(file)
		if err == nil {
			err = w.add(f)
			_ = f.Close()
		}
		if err != nil {
			return 0, 0
		}
	}
	return w.all, w.active(experts, used)
}

// expertOf finds layer and number of an expert in the name of a tensor, such as
// model.layers.3.mlp.experts.17.up_proj.weight.
var expertOf = regexp.MustCompile(`^(.*\.experts)\.([0-9]{1,6})\.`)

// stacked are tensors of all experts in one.
var stacked = regexp.MustCompile(`\.experts\.[a-z]`)

// weights counts elements.
type weights struct {
	all    int64
	each   map[string]map[int]int64 // layer → expert → elements
	packed bool                     // there are experts that cannot be told apart
}

var errWeights = errors.New("no header of safetensors")

// add reads the header of one file: eight bytes of length, little-endian, and a
// JSON object of tensors by name (docs.rs/safetensors).
func (w *weights) add(r io.Reader) error {
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return err
	}
	n := binary.LittleEndian.Uint64(size[:])
	if n > weightHeader {
		return errWeights
	}
	var tensors map[string]struct {
		Shape []int64 `json:"shape"`
	}
	if err := json.NewDecoder(io.LimitReader(r, int64(n))).Decode(&tensors); err != nil {
		return err
	}
	for name, t := range tensors {
		if name == "__metadata__" {
			continue
		}
		elements := int64(1)
		for _, d := range t.Shape {
			if d < 0 || d != 0 && elements > math.MaxInt64/1024/d {
				return errWeights
			}
			elements *= d
		}
		if w.all += elements; w.all < 0 {
			return errWeights
		}
		w.expert(name, elements)
	}
	return nil
}

func (w *weights) expert(name string, elements int64) {
	part := expertOf.FindStringSubmatch(name)
	if part == nil {
		w.packed = w.packed || stacked.MatchString(name)
		return
	}
	if w.each[part[1]] == nil {
		w.each[part[1]] = map[int]int64{}
	}
	number, _ := strconv.Atoi(part[2]) // at most six digits
	w.each[part[1]][number] += elements
}

// active counts what one token uses, if every layer with experts has all of them in
// one size; else 0.
func (w *weights) active(experts, used int) int64 {
	if w.packed || used > experts || (len(w.each) > 0) != (experts > 0 && used > 0) {
		return 0
	}
	idle := int64(0)
	for _, layer := range w.each {
		if len(layer) != experts {
			return 0
		}
		size := layer[0]
		for _, elements := range layer {
			if elements != size {
				return 0
			}
		}
		idle += size * int64(experts-used)
	}
	return w.all - idle
}
