package mathx_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/scoring/mathx"
)

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		gold, answer string
		want         bool
	}{
		{"1/2", `\frac12`, true}, {"1/2", `\dfrac{1}{2}`, true}, {"1/2", "0.5", true}, {"1/2", "½", true}, {"1/2", "0.51", false},
		{"1/3", "0.333", false}, {`\frac{3}{4}`, "6/8", true}, {"1 1/2", `1\frac{1}{2}`, true}, {"3/2", "1 1/2", true},
		{"1296", "1,296", true}, {"1296", "1{,}296", true}, {"1296", `1,\!296`, true}, {"1296", "1296.0", true}, {"1296", "1,269", false},
		{"007", "7", true}, {"-8", "8", false}, {"-8", "−8", true}, {"-8", "-8.", true}, {"0.0000001", "0.0000002", false},
		{"64", "4^3", true}, {"64", "4^3 = 64", true}, {"64", "4^3 = 65", false}, {"780", `7.8\times10^2`, true}, {"780", "7.8e2", true},
		{"10^{10^{10}}", "10^{10^{10}}", true}, {"10^{10^{10}}", "10^{10^{11}}", false}, {"2^{50}-1", "2^{50}", false},
		{"50%", "50", true}, {"50%", "1/2", true}, {"50%", "0.5", true}, {"50%", `50\%`, true}, {"50%", "5%", false}, {"50%", "5", false}, {"0.5", "50%", true},
		{"5", "x=5", true}, {"x=5", "5", true}, {"5", "n = 6", false}, {"5", "2x=5", false}, {"5", "x+y=5", false}, {"3x-2", "y = 3x - 2", true},
		{"2, 6, 7", "7, 2, 6", true}, {"2, 6, 7", "2, 6", false}, {"2, 2, 6", "2, 6", false}, {"7, 12", "7 and 12", true}, {"7, 12", "7", false},
		{`\{1,4\}`, `\left\{ 4,\, 1 \right\}`, true}, {`\{1,4\}`, `\{1,4,4\}`, true}, {`\{1,4\}`, `\{1,5\}`, false},
		{"(4,-1)", "(4, -1)", true}, {"(4,-1)", "(-1, 4)", false}, {"[0,4)", "[0,4)", true}, {"[0,4)", "[0,4]", false}, {"(0,1)", "[0,1]", false},
		{`\begin{pmatrix}2\\9\end{pmatrix}`, `\begin{pmatrix} 2 \\ 9 \end{pmatrix}`, true}, {`\begin{pmatrix}2\\9\end{pmatrix}`, `\begin{pmatrix}9\\2\end{pmatrix}`, false},
		{`6\sqrt{3}`, `6 \sqrt3`, true}, {`6\sqrt{3}`, `3\sqrt{6}`, false}, {"-7+24i", "-7 + 24i", true}, {`\pi`, "3.14159", false},
		{"5", "5 m", true}, {"5 m", "5", true}, {"5 m", "5 cm", false}, {"26", "26 letters", true}, {"26", "26x", false}, {"90", `90^\circ`, true}, {"€90", `\$90`, false},
		{"East", "east", true}, {`\text{even}`, "even", true}, {"even", "odd", false}, {"No", "no", true}, {`\emptyset`, `\{\emptyset\}`, false},
		{"5", "", false}, {"5", "()", false}, {"4", `4\sqrt{2}`, false}, {"x^2", "x^3", false}, {"1/0", "2", false},
	} {
		r := mathx.Equal(c.gold, c.answer, mathx.Options{})
		assert.Equal(t, c.want, r.Outcome == mathx.Same, "gold %q, answer %q: %s, %s", c.gold, c.answer, r.Outcome, r.Why)
	}
}

func TestTolerances(t *testing.T) {
	assert.Equal(t, mathx.Same, mathx.Equal("3.976e-19", "3.98e-19", mathx.Options{RelTolerance: 0.005}).Outcome)
	assert.Equal(t, mathx.Different, mathx.Equal("3.976e-19", "4.1e-19", mathx.Options{RelTolerance: 0.005}).Outcome)
	assert.Equal(t, mathx.Same, mathx.Equal("4.2", "4.25", mathx.Options{AbsTolerance: 0.1}).Outcome)
	assert.Equal(t, mathx.Different, mathx.Equal("4.2", "4.35", mathx.Options{AbsTolerance: 0.1}).Outcome)
}

func TestParseRational(t *testing.T) {
	for s, want := range map[string]string{"1,234": "1234", "$1,350": "1350", "-8": "-8", "3/4": "3/4", `\frac34`: "3/4", "1.5": "3/2", ".5": "1/2", "50%": "50", "5 km": "5"} {
		got, ok := mathx.ParseRational(s)
		require.True(t, ok, s)
		assert.Equal(t, want, got.RatString(), s)
	}
	for _, s := range []string{"", "x", "1/0", "1 2", "32, 349", "10^{10^{10}}"} {
		_, ok := mathx.ParseRational(s)
		assert.False(t, ok, s)
	}
}

func TestListLen(t *testing.T) {
	for s, want := range map[string]int{"2, 6, 7": 3, "1,234": 1, "(1,2)": 1, "5": 1, "-3, 8": 2, `\{1,2\}`: 1} {
		assert.Equal(t, want, mathx.ListLen(s), s)
	}
}

func TestCanonicalIsTheSameForEqualAnswers(t *testing.T) {
	for _, same := range [][]string{{"1/2", "0.5", `\frac12`, "x = 1/2"}, {"2, 6", "6, 2"}, {"East", "east"}, {`6\sqrt{3}`, `6\sqrt3`}} {
		for _, s := range same {
			assert.Equal(t, mathx.CanonicalLike(same[0], ""), mathx.CanonicalLike(s, ""))
		}
	}
	assert.NotEqual(t, mathx.CanonicalLike("(1,2)", ""), mathx.CanonicalLike("(2,1)", ""))
}

func ExampleEqual() {
	fmt.Println(mathx.Equal(`\frac12`, "0.5", mathx.Options{}).Outcome)
	fmt.Println(mathx.Equal("1/3", "0.333", mathx.Options{}).Outcome)
	// Output:
	// equal
	// different
}

func ExampleParse() {
	v, err := mathx.Parse(`(x-1)(x+1)`)
	fmt.Println(v.Kind(), v, err)
	_, err = mathx.Parse(`\frac{1}{`)
	fmt.Println(err)
	// Output:
	// an expression (x-1)*(x+1) <nil>
	// mathx: a brace is not closed: \frac{1}{
}

func ExampleEqual_policies() {
	fmt.Println(mathx.Equal("3.976e-19", "3.98e-19", mathx.Options{}).Outcome)
	fmt.Println(mathx.Equal("3.976e-19", "3.98e-19", mathx.Options{RelTolerance: 0.005}).Outcome)
	r := mathx.Equal("5 cm", "50 mm", mathx.Options{})
	fmt.Println(r.Outcome, "-", r.Why)
	fmt.Println(mathx.Equal(`\frac{1}{2004!}`, `\frac{1}{2006!}`, mathx.Options{}).Outcome)
	// Output:
	// different
	// equal
	// equal - equal after converting mm to cm
	// different
}

func ExampleExplain() {
	fmt.Print(mathx.Explain(`\frac{\sqrt2}{2}`, "sin(45°)", mathx.Options{}))
	// Output:
	// gold    \frac{\sqrt2}{2}
	//         read as      root(2, 2)/2
	//         which is     a number
	//         normal form  1/2*2^(1/2)
	// answer  sin(45°)
	//         read as      sin(deg(45))
	//         which is     a number
	//         normal form  1/2*2^(1/2)
	// verdict equal: the same normal form
}

func ExampleCanonicalLike() {
	fmt.Println(mathx.CanonicalLike("180 mm", "18 cm"))
	fmt.Println(mathx.CanonicalLike("18", "18 cm"))
	fmt.Println(mathx.CanonicalLike("2(x+1)", "2x+2"), mathx.CanonicalLike("2+2x", "2x+2"))
	// Output:
	// 9/50 m
	// 9/50 m
	// 2*x+2 2*x+2
}
