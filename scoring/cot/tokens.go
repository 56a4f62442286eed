package cot

import (
	"math"
	"unicode/utf8"

	"github.com/evalr/evalr/eval"
)

// tokens sets the counts of tokens and gives that of the thought. Counts of the
// server go first; what it does not say is estimated, and said to be.
func (m measures) tokens(r eval.Response) (thinking float64) {
	thought, text := estimate(r.Thought), estimate(r.Text)
	estimated := r.Usage.Estimated
	output := thought + text
	if r.Usage.Output != nil {
		output = float64(*r.Usage.Output)
	}
	switch {
	case r.Usage.Reasoning != nil:
		thinking = float64(*r.Usage.Reasoning)
	case r.State == eval.ThoughtClosed, r.State == eval.ThoughtOpen:
		estimated = true
		thinking = thought
		if r.Usage.Output != nil && thought+text > 0 {
			thinking = math.Round(output * thought / (thought + text))
		}
	}
	// What is generated in a thought that is not shown is no answer.
	answer := text
	if r.Usage.Output != nil {
		answer = max(0, output-thinking)
	} else {
		estimated = true
	}
	if r.Usage.Reasoning != nil || r.State == eval.ThoughtClosed || r.State == eval.ThoughtOpen {
		m[ReasoningTokens] = thinking
	}
	m[AnswerTokens] = answer
	m.flag(TokensEstimated, estimated)
	return thinking
}

// estimate guesses the tokens of a text: one for four bytes of ASCII, for two
// other runes, and for one and a half runes of a script without spaces.
func estimate(text string) float64 {
	ascii, wides, others := 0, 0, 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			ascii++
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if wide(r) {
			wides++
		} else {
			others++
		}
	}
	return math.Ceil(float64(ascii)/4 + float64(others)/2 + float64(wides)/1.5)
}
