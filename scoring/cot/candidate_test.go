package cot_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/scoring/cot"
)

func TestCandidatesAreWhatTheThoughtCallsAnAnswer(t *testing.T) {
	for text, want := range map[string][]string{
		`so \boxed{7}, no, \boxed{\frac{1}{2}}.`:                           {"7", `\frac{1}{2}`},
		"The answer is 7. The answer is **8**, then.":                      {"7", "8"},
		"**Answer:** $x = 3$\n**Final Answer**\n12":                        {"x = 3", "12"},
		`the final answer is \(\frac{3}{4}\).`:                             {`\frac{3}{4}`},
		`The final answer is: $\boxed{12}$`:                                {"12"},
		`Answer: \[\boxed{5}\]`:                                            {"5"},
		"<answer>42</answer> or <answer> \\boxed{3} </answer>":             {"42", "3"},
		"the answer is therefore option B because it":                      {"B"},
		"答案是 12。答案：\\boxed{13}":                                            {"12", "13"},
		"Die Antwort ist 5. La respuesta es 6, la réponse est 7. Ответ: 8": {"5", "6", "7", "8"},
		"#### 12\nx":                                                                  {"12"},
		"The answer is 3.5, not 3.":                                                   {"3.5"},
		"a common wrong answer is 5":                                                  nil,
		"the answer is not 5 and if the answer is 6":                                  nil,
		"the answer is in the range of 5":                                             nil,
		"If the answer is 5, then":                                                    nil,
		`format it as \boxed{answer}`:                                                 nil,
		"The answer must be an integer.":                                              nil,
		"Answer is given as m/n, a positive integer":                                  nil,
		"Is the answer A, B, C or D? The answer is A, B, C or D?":                     nil,
		"The answer is probably 7. 答案是：B。":                                            {"7", "B"},
		"an answer issue: 5; we box 7; #### Heading":                                  nil,
		`\boxed{} and \boxed{3`:                                                       nil,
		"So 7 = 3 + 4, and 7 is prime.":                                               nil,
		"the answer is a number that is as large as all of the others taken together": nil,
	} {
		var got []string
		for _, c := range cot.Candidates(text) {
			got = append(got, c.Text)
			assert.Equal(t, c.Text, text[c.Start:c.End])
		}
		assert.Equal(t, want, got, text)
	}
}
