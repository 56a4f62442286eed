package cot_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/scoring/cot"
)

// said gives the claims of a text in short: "wrong 3*4 = 13 [12]".
func said(text string) []string {
	var out []string
	for _, c := range cot.Arithmetic(text) {
		s := string(c.Kind) + " " + text[c.Start:c.End]
		if c.Kind == cot.ClaimWrong || c.Kind == cot.ClaimRetracted {
			s += " [" + c.Value + "]"
		}
		out = append(out, s)
	}
	return out
}

func TestArithmeticIsCheckedExactly(t *testing.T) {
	for text, want := range map[string][]string{
		"So 3*4 = 12.":                                           {"ok 3*4 = 12"},
		"So 3*4 = 13.":                                           {"wrong 3*4 = 13 [12]"},
		"3 + 4 = 7 = 2 + 5 = 8.":                                 {"ok 3 + 4 = 7", "ok 7 = 2 + 5", "wrong 2 + 5 = 8 [7]"},
		"x = 3 \\times 4 = 12 and y":                             {"ok 3 \\times 4 = 12"},
		`we get $\frac{3}{4} + \frac{1}{4} = 1$.`:                {`ok \frac{3}{4} + \frac{1}{4} = 1`},
		`\(2^{10} = 1{,}024\)`:                                   {`ok 2^{10} = 1{,}024`},
		`\[ \sqrt{16} \cdot 3 = \boxed{12} \]`:                   {`ok \sqrt{16} \cdot 3 = \boxed{12}`},
		"3² + 4² = 25, √16 − 1 = 3":                              {"ok 3² + 4² = 25", "ok √16 − 1 = 3"},
		"He pays $1,200 * 3 = $3,600 a year.":                    {"ok $1,200 * 3 = $3,600"},
		"12 x 12 = 144":                                          {"ok 12 x 12 = 144"},
		"(so 3 + 4 = 7) we":                                      {"ok 3 + 4 = 7"},
		"**3 + 4 = 7**":                                          {"ok 3 + 4 = 7"},
		"| 1 | 3 + 4 = 7 |":                                      {"ok 3 + 4 = 7"},
		"2. 3+4 = 7\n- 5*2 = 10":                                 {"ok 3+4 = 7", "ok 5*2 = 10"},
		"5! / 3! = 20 ways":                                      {"ok 5! / 3! = 20"},
		"所以3*4=12。":                                              {"ok 3*4=12"},
		"1/3 = 0.333, 2/3 ≈ 0.67, 2/3 = 0.66":                    {"approximate 1/3 = 0.333", "approximate 2/3 ≈ 0.67", "approximate 2/3 = 0.66"},
		"1/3 = 0.3333... and so":                                 {"approximate 1/3 = 0.3333"},
		"1000/7 ≈ 143 and 2/3 = 0.68 or":                         {"approximate 1000/7 ≈ 143", "wrong 2/3 = 0.68 [2/3]"},
		"50/6=8.333333333333334 or":                              {"approximate 50/6=8.333333333333334"},
		"0.1 + 0.2 = 0.30000000000000004 or":                     {"approximate 0.1 + 0.2 = 0.30000000000000004"},
		`\frac{1.2 \times 10^5}{7} = 1.71 \times 10^4 .`:         {`approximate \frac{1.2 \times 10^5}{7} = 1.71 \times 10^4`},
		"3*4 = 13. Wait, that's 12.":                             {"retracted 3*4 = 13 [12]"},
		"3*4 = 13, which is not true":                            {"retracted 3*4 = 13 [12]"},
		"5*5 + 2 = 30. Not equal to it":                          {"retracted 5*5 + 2 = 30 [27]"},
		"1.000 + 2 = 3.000, 4 * 25 = $2 and":                     {"ok 1.000 + 2 = 3.000", "wrong 4 * 25 = $2 [100]"},
		"3*4 = 13. " + strings.Repeat("So it is. ", 20) + "Wait": {"wrong 3*4 = 13 [12]"},
		"the wait time is 3*4 = 13 minutes or so":                {"skipped 3*4 = 13"},
		"the wait is 3*4 = 13 apples or so":                      {"wrong 3*4 = 13 [12]"},
		"1/7 * 2 = 3/7 or":                                       {"wrong 1/7 * 2 = 3/7 [2/7]"},
	} {
		assert.Equal(t, want, said(text), text)
	}
}

// TestWhatIsNoClosedEquationIsNotJudged holds the traps: each has an equation in
// it that a careless reader takes for a false one.
func TestWhatIsNoClosedEquationIsNotJudged(t *testing.T) {
	for _, text := range []string{
		"2x + 3*4 = 13", "0 = 3/2 a + 1", "3*4 = 2 y - 1", "x - 3 = 4 + 2", "x^2 + 3*4 = 5", "f(3) + 1 = 5", "f(3+1) = 5", "C(5, 2) + 1 = 12", "2\\pi + 3 = 10", "3*4 = 13x", "3 * 4 = 13 x", "34² = 2 QM²", "\\sin 30 + 1 = 2",
		"sin 30 + 1 = 2", "log 100 * 2 = 5", "3*5 = 1 (mod 7)", "3 \\cdot 5 = 1 \\pmod 7", "modulo 7 we have 3*5 = 1 and", "3*5 ≡ 1", "in base 5, 3+4 = 12", "12_5 + 3_5 = 20_5", "is 3*4 = 13?", "3*4 =? 13", "3*4 ≟ 13",
		"if 3*4 = 13 then", "Suppose 3*4 = 13.", "whether 3*4 = 13 holds", "3*4 ≠ 13", "3*4 != 13", "it is not 3*4 = 13", "3*4 == 13", "3*4 <= 13", "20% * 50 = 12", "50 * 20 = 10%", "2 1/2 + 1 = 4", `2\frac{1}{2} + 1 = 4`,
		"1/2x + 3 = 4", "1/2(3+4) = 5", "2^3^2 = 63", "-3^2 = 9", "12/3*4 = 1", "0.5/1.5 * 10 * 9 = 1/270", "2*(1/10 + 6/3 * 2) = 2*(1/10 + 1)", "from 5-9 = 5", "Step 1 - 3 + 4 = 7", "1 + 2 + ... + 10 = 54", "1 + … + 9 = 46", "60 + 30 = 1 hour", "24 * 2 = 2 days", "100 + 50 = 1.5 m",
		"180° - 90° = 80°", "|3 - 5| * 2 = 5", "3*4 = 13 + x", "5 +\n3*4 = 17", "3*4 = 17\n+ 5", "8 times 3 * 4 = 97", "half of 3*4 = 6", "3,5 * 2 = 8", "3 + 4 = 7 + 5 = 12", "17/5 = 3", "2.54 * 12.0 = 30.5", "1.2.3 + 1 = 5", "2024-03-04 = 5",
		"3+4 = 12", "x3 + 4 = 12", "12! (3 + 4) = 8", "10!/2 = 5 !", "3*4 = 1", "72.5 + 1 = 70 keV", "a_{3 + 4} = 8", "\\text{area } 3*4 = 13 \\text{ cm}", "√2 * 3 = 5", "the last digits are 7*7 = 9 and", "half 3 + 4 = 8",
		"Let's say 3*4 = 13.", "Let’s say 3*4 = 13 or", "Если 3 * 4 = 13, то", "Предположим, 3 * 4 = 13.", "Angenommen, 3 * 4 = 13.", "假设3*4=13，则", "we need 2*3 + 4 = 11, but", "this requires 3 + 4 = 8, so", "John thinks that 2 + 2 = 5.",
		"3*5 = 1, mod 7", "in \\mathbb{F}_7: 3 * 5 = 1 and", "in GF(7), 3*5 = 1 and", "In Z_7, 3 * 5 = 1.", "the inverse of 3 is 5 since 3*5 = 1.", "9 + 5 = 2 on a 12-hour clock", "8 + 7 = 5 carry 1", "[3] + [4] = [0] and", "011 + 001 = 100 and",
		"the operation * is a*b = ab + 1, so 3*4 = 13.", "2024-01-05 - 2024-01-01 = 4 days", "Jan 30 + 5 = 4 Feb", "room 12-3 = 4 or", "5 * 12 + 6 = 5'6 tall", "4 * 25 = $1 and", "4 × 25 = $1.00 and", "Das macht 1.000 + 500 = 1.500 Euro.",
		"33 * 3 = ~100 and", "around 33 * 3 = 100 and", "33 * 3 = 100 roughly", "4.18 * 25.0 * 10.0 = 1050 J",
	} {
		for _, c := range cot.Arithmetic(text) {
			if text == "3+4 = 12" {
				assert.NotEqual(t, cot.ClaimOK, c.Kind) // at the end of a text the number may be cut off
				continue
			}
			assert.NotEqual(t, cot.ClaimWrong, c.Kind, "%s: %s", text, text[c.Start:c.End])
			assert.NotEqual(t, cot.ClaimRetracted, c.Kind, "%s: %s", text, text[c.Start:c.End])
		}
	}
}

func FuzzArithmetic(f *testing.F) {
	for _, s := range []string{"3*4 = 12", `\frac{1}{2} = 0.5`, "(((1=(2)=3", "1+1=1+1=", "9^999=1", "$1,000 * 2 = 3!", "3² ≈ 9...", "* 1 + 1 = 3\n-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, c := range cot.Arithmetic(s) {
			assert.True(t, 0 <= c.Start && c.Start < c.End && c.End <= len(s), "%d:%d of %d", c.Start, c.End, len(s))
			assert.Greater(t, c.End, end, "in order")
			end = c.End
			assert.Equal(t, c.Kind == cot.ClaimSkipped, c.Value == "")
		}
	})
}
