package evaltest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A TinyModel is a mixture-of-experts language model with random weights, small
// enough to be written and served by any test. It speaks nonsense in printable
// ASCII; the same seed says the same.
type TinyModel struct {
	Seed uint64
	// Context is how many tokens it was made for; 0 means 2048.
	Context int
	// Template is its chat template; empty means ThinkTemplate.
	Template string
}

// ThinkTemplate is a chat template that begins the thought.
const ThinkTemplate = "{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endfor %}" +
	"{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}"

// The shape of the model: that of Qwen3's mixtures of experts, as llama.cpp reads
// it (src/models/qwen3moe.cpp).
const (
	tinyLayers  = 2
	tinyWidth   = 64
	tinyHeads   = 4
	tinyShared  = 2 // heads of keys and values
	tinyHead    = 16
	tinyInner   = 32
	TinyExperts = 4 // experts a layer
	TinyUsed    = 2 // of them, used for a token
)

// WriteTinyModel writes a tiny model into a folder of the test and gives its path.
func WriteTinyModel(t testing.TB, m TinyModel) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.gguf")
	if err := os.WriteFile(path, m.GGUF(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// LlamaServer gives the path of llama.cpp's server, or skips the test where there is
// none.
func LlamaServer(t testing.TB) string {
	t.Helper()
	name := os.Getenv("EVALR_LLAMA_SERVER")
	if name == "" {
		name = "llama-server"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip("there is no llama-server: tools/llamacpp.sh builds one and prints its path, which goes into EVALR_LLAMA_SERVER")
	}
	return path
}

// A tensor has its dimensions in GGUF's order, the fastest first.
type tensor struct {
	name string
	dims []int
	fill func(i int) float32
}

func (t tensor) elements() int {
	n := 1
	for _, d := range t.dims {
		n *= d
	}
	return n
}

// Parameters counts the weights: all of them, and those that one token uses.
func (m TinyModel) Parameters() (all, active int64) {
	for _, t := range m.tensors() {
		n := int64(t.elements())
		all += n
		if len(t.dims) == 3 {
			n = n * TinyUsed / TinyExperts
		}
		active += n
	}
	return all, active
}

// GGUF is the model's file, as llama.cpp's ggml/include/gguf.h describes the
// format (version 3).
func (m TinyModel) GGUF() []byte {
	if m.Context == 0 {
		m.Context = 2048
	}
	if m.Template == "" {
		m.Template = ThinkTemplate
	}
	const alignment = 32 // the format's default
	tensors := m.tensors()
	pairs := m.pairs()
	var w gguf
	w.WriteString("GGUF")
	w.put(uint32(3), uint64(len(tensors)), uint64(len(pairs)))
	for _, p := range pairs {
		w.text(p.key)
		w.value(p.value)
	}
	offset := 0
	for _, t := range tensors {
		w.text(t.name)
		w.put(uint32(len(t.dims)))
		for _, d := range t.dims {
			w.put(uint64(d))
		}
		w.put(uint32(0), uint64(offset)) // 0 is F32
		offset += (4*t.elements() + alignment - 1) / alignment * alignment
	}
	w.pad(alignment)
	for _, t := range tensors {
		for i := range t.elements() {
			w.put(math.Float32bits(t.fill(i)))
		}
		w.pad(alignment)
	}
	return w.Bytes()
}

// tensors are the weights in the order of the file.
func (m TinyModel) tensors() []tensor {
	random := rand.New(rand.NewPCG(m.Seed, 1))
	normal := func(scale float64) func(int) float32 {
		return func(int) float32 { return float32(random.NormFloat64() * scale) }
	}
	one := func(int) float32 { return 1 }
	words := tinyVocabulary()
	small := normal(1 / math.Sqrt(tinyWidth))
	out := []tensor{
		{"token_embd.weight", []int{tinyWidth, len(words)}, normal(1)},
		{"output_norm.weight", []int{tinyWidth}, one},
		{"output.weight", []int{tinyWidth, len(words)}, func(i int) float32 {
			x := normal(1)(i)
			if !words[i/tinyWidth].said {
				return 0 // far less likely than what is said
			}
			return x
		}},
	}
	for layer := range tinyLayers {
		add := func(name string, fill func(int) float32, dims ...int) {
			out = append(out, tensor{fmt.Sprintf("blk.%d.%s.weight", layer, name), dims, fill})
		}
		add("attn_norm", one, tinyWidth)
		add("attn_q", small, tinyWidth, tinyHeads*tinyHead)
		add("attn_k", small, tinyWidth, tinyShared*tinyHead)
		add("attn_v", small, tinyWidth, tinyShared*tinyHead)
		add("attn_output", small, tinyHeads*tinyHead, tinyWidth)
		add("attn_q_norm", one, tinyHead)
		add("attn_k_norm", one, tinyHead)
		add("ffn_norm", one, tinyWidth)
		add("ffn_gate_inp", small, tinyWidth, TinyExperts)
		add("ffn_gate_exps", small, tinyWidth, tinyInner, TinyExperts)
		add("ffn_down_exps", small, tinyInner, tinyWidth, TinyExperts)
		add("ffn_up_exps", small, tinyWidth, tinyInner, TinyExperts)
	}
	return out
}

// gguf writes the values of the format.
type gguf struct{ bytes.Buffer }

func (w *gguf) put(values ...any) {
	for _, v := range values {
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			panic(err) // a buffer takes every value of a fixed size
		}
	}
}

func (w *gguf) text(s string) {
	w.put(uint64(len(s)))
	w.WriteString(s)
}

func (w *gguf) pad(to int) {
	for w.Len()%to != 0 {
		w.WriteByte(0)
	}
}

// value writes the number of a value's type and the value.
func (w *gguf) value(v any) {
	switch v := v.(type) {
	case uint32:
		w.put(uint32(4), v)
	case float32:
		w.put(uint32(6), v)
	case bool:
		w.put(uint32(7), v)
	case string:
		w.put(uint32(8))
		w.text(v)
	case []int32:
		w.put(uint32(9), uint32(5), uint64(len(v)), v)
	case []string:
		w.put(uint32(9), uint32(8), uint64(len(v)))
		for _, s := range v {
			w.text(s)
		}
	default:
		panic(fmt.Sprintf("a GGUF has no %T", v))
	}
}
