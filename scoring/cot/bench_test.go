package cot_test

import (
	"testing"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/cot"
)

// thoughts gives the recorded thoughts of a reasoning model, split.
func thoughts(b *testing.B) (out []eval.Response, size int64) {
	b.Helper()
	for _, raw := range responses(b, "math500-r1-distill-qwen-14b-cut.jsonl.gz") {
		r := cot.Split(eval.Response{Raw: raw, Stop: eval.StopEnd}, "<think>\n")
		out = append(out, r)
		size += int64(len(r.Thought) + len(r.Text))
	}
	return out, size
}

func BenchmarkMeasure(b *testing.B) {
	rs, size := thoughts(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, r := range rs {
			cot.Measure(eval.Problem{Text: "What is the value of the sum?"}, r, eval.Verdict{}, nil)
		}
	}
}

func BenchmarkArithmetic(b *testing.B) {
	rs, size := thoughts(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, r := range rs {
			cot.Arithmetic(r.Thought)
		}
	}
}
