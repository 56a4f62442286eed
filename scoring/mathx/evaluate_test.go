package mathx_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/scoring/mathx"
)

func TestEvaluate(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{"3*4", "12"}, {"3 + 4 * 2", "11"}, {"(3+4)*2", "14"}, {"7/2", "7/2"}, {"-3 + 5", "2"}, {"2 x 3", "6"},
		{`\frac{3}{4} + \frac14`, "1"}, {`3 \times 4 \div 6`, "2"}, {`2 \cdot (3 + 4)`, "14"}, {"3(4+5)", "27"}, {"(2)(3)", "6"},
		{`\left(2+3\right)^2`, "25"}, {"2^{10}", "1024"}, {"2^-1", "1/2"}, {"3² + 4²", "25"}, {`\sqrt{16} + √9`, "7"}, {`\sqrt{\frac{9}{4}}`, "3/2"},
		{"1,234 + 1", "1235"}, {"1{,}000{,}000", "1000000"}, {"$50 * 20", "1000"}, {`\$5 + \$6`, "11"}, {"0.1 + 0.2", "3/10"}, {".5 * 4", "2"},
		{"5!", "120"}, {"10!/8!", "90"}, {`\boxed{12}`, "12"}, {"12 − 5", "7"}, {"6 ÷ 4 · 2", "3"}, {`2\sqrt{9}`, "6"}, {`\frac{1}{2}\frac{2}{3}`, "1/3"},
		{"99999999999 * 99999999999", "9999999999800000000001"}, {"12345678901234567890.5", "24691357802469135781/2"},
	} {
		n, ok := mathx.Evaluate(c.expr)
		if assert.True(t, ok, c.expr) {
			assert.Equal(t, c.want, n.Rat().RatString(), c.expr)
		}
	}
}

func TestEvaluateRefusesWhatPeopleReadInTwoWays(t *testing.T) {
	for _, s := range []string{
		"", "+", "3 +", "3 4", "2 1/2", `2\frac{1}{2}`, "1/2(3+4)", "2x", "x", "2^3^2", "4^{1/2}", `\sqrt{2}`, `\sqrt{-4}`, "1/0", "0^0", "0^{-1}", "(3", "3)", "1,23", "1.2.3",
		"5!!", "(-3)!", "2^9999", "9^999 * 9^999", "170!", "3 ** ", `\frac{1}{0}`, `\sqrt[3]{8}`, "50%", `\boxed 3`,
		strings.Repeat("(", 50) + "1" + strings.Repeat(")", 50), strings.Repeat("1+", 300) + "1",
	} {
		_, ok := mathx.Evaluate(s)
		assert.False(t, ok, s)
	}
}

func TestEvaluateSaysWhatIsDoubtful(t *testing.T) {
	for s, want := range map[string]bool{"-3^2": true, "12/3*4": false, "5-9": true, "5 - 9": false, "-3": false, "12/(3*4)": false, "(-3)^2": false} {
		n, ok := mathx.Evaluate(s)
		assert.True(t, ok, s)
		assert.Equal(t, want, n.Doubtful, s)
	}
}

func TestEvaluateGreedyDividesByAllFactorsBehindASlash(t *testing.T) {
	for s, want := range map[string]string{"12/3*4": "1", "6 × 10^4 / 3 × 10^2": "200", "2*(1/2*3)": "1/3", "(12/3)*4": "16", "3*4/2": "6"} {
		n, ok := mathx.EvaluateGreedy(s)
		assert.True(t, ok, s)
		assert.Equal(t, want, n.Rat().RatString(), s)
	}
}

func TestEvaluateTellsHowALoneLiteralIsWritten(t *testing.T) {
	type written struct {
		lone                    bool
		places, exponent, zeros int
	}
	for s, want := range map[string]written{
		"3.25": {true, 2, 0, 0}, "1,200": {true, 0, 0, 2}, "-4.5": {true, 1, 0, 0}, "3.25+1": {}, `\frac12`: {}, "2*3": {}, "3^2": {},
		`1.5 \times 10^{-3}`: {true, 1, -3, 0}, "-2.25·10²": {true, 2, 2, 0}, "10^7": {true, 0, 7, 0}, "3/10^2": {}, "10^2+3": {}, "2*3*10^4": {}, "10^2*10^3": {},
	} {
		n, ok := mathx.Evaluate(s)
		assert.True(t, ok, s)
		got := written{}
		if n.Lone {
			got = written{n.Lone, n.Places, n.Exponent, n.Zeros}
		}
		assert.Equal(t, want, got, s)
	}
}

func FuzzEvaluate(f *testing.F) {
	for _, s := range []string{"3*4", `\frac{1}{2}`, "2^{10}", "((1))", "5!", "1,234.5", `\sqrt{16}`, "3²", "$5 x 6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := mathx.Evaluate(s)
		if ok {
			assert.LessOrEqual(t, n.Rat().Num().BitLen(), 4096, "values are bounded")
		}
	})
}
