package scoring_test

import (
	"testing"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// BenchmarkProgram judges a right answer by each form of test, in the sandbox
// that the machine has; its reference is known after the first time.
func BenchmarkProgram(b *testing.B) {
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		b.Skip(err)
	}
	s := scoring.Program(scoring.Tools{Sandbox: box})
	for name, p := range map[string]eval.Problem{"calls": byCalls, "assertions": manyForms, "cases": byCases} {
		text := "```python\ndef f(x):\n    return sum(x)\nif __name__ == '__main__':\n    print(sum(map(int, input().split())))\n```"
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				v, err := s.Score(b.Context(), p, eval.Response{Text: text, State: eval.ThoughtClosed})
				if err != nil || v.Outcome != eval.Correct {
					b.Fatal(v, err)
				}
			}
		})
	}
}
