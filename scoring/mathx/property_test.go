package mathx_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/scoring/mathx"
)

func same(a, b string) bool {
	return mathx.Equal(a, b, mathx.Options{}).Outcome == mathx.Same
}

// parsed are the texts of the table that are read as mathematics.
func parsed(t testing.TB) []string {
	var out []string
	for _, c := range table(t) {
		for _, s := range [...]string{c.gold, c.answer} {
			if v, err := mathx.Parse(s); err == nil && v.Kind() != "text" {
				out = append(out, s)
			}
		}
	}
	return out
}

func TestEveryValueEqualsItself(t *testing.T) {
	for _, s := range parsed(t) {
		assert.True(t, same(s, s), s)
	}
}

func TestEqualityIsSymmetric(t *testing.T) {
	asymmetric := 0
	cases := table(t)
	for _, c := range cases {
		there, back := mathx.Equal(c.gold, c.answer, mathx.Options{}), mathx.Equal(c.answer, c.gold, mathx.Options{})
		if (there.Outcome == mathx.Same) != (back.Outcome == mathx.Same) {
			asymmetric++
			t.Logf("line %d: %s, %s: %s, but %s the other way", c.line, c.gold, c.answer, there.Why, back.Why)
		}
	}
	// the gold's form sets the type: that is what is left
	assert.LessOrEqual(t, asymmetric, len(cases)/200)
}

func TestSpellingDoesNotMatter(t *testing.T) {
	for _, s := range parsed(t) {
		spellings := []string{" " + s + " ", "$" + s + "$", `\(` + s + `\)`, `\boxed{` + s + `}`, `\displaystyle ` + s}
		if strings.ContainsAny(s, `$`) || strings.Contains(s, `\(`) || strings.Contains(s, "boxed") || strings.Contains(s, "**") {
			spellings = spellings[:1]
		}
		if strings.ContainsAny(s, "([") && !strings.Contains(s, `\left`) && strings.Count(s, "(") == strings.Count(s, ")") && strings.Count(s, "[") == strings.Count(s, "]") && !strings.Contains(s, `\sqrt[`) && !strings.Contains(s, `\\`) && !strings.Contains(s, `\(`) && !strings.Contains(s, `\[`) && !strings.Contains(s, "C1") {
			spellings = append(spellings, strings.NewReplacer("(", `\left(`, ")", `\right)`, "[", `\left[`, "]", `\right]`).Replace(s))
		}
		if strings.Contains(s, "+") && !strings.Contains(s, `\text`) && !strings.Contains(s, "E+") && (strings.Contains(s, `\`) || !strings.Contains(s, "C1")) {
			spellings = append(spellings, strings.ReplaceAll(s, "+", ` \, + \; `))
		}
		if v, err := mathx.Parse(s); err == nil && slices.Contains([]string{"an integer", "a rational number", "an expression", "a number"}, v.Kind()) &&
			!strings.HasSuffix(s, ".") && !strings.ContainsAny(s, "*，") { // a full stop, bold, a comma of thousands: not within brackets
			spellings = append(spellings, "("+s+")", "{"+s+"}", "(("+s+"))")
		}
		for _, x := range spellings {
			r := mathx.Equal(s, x, mathx.Options{})
			assert.Equal(t, mathx.Same, r.Outcome, "%s and %s: %s", s, x, r.Why)
		}
	}
}

// A maker makes expressions of whole numbers, variables and roots, and rewrites
// them exactly.
type maker struct{ *rand.Rand }

func (m maker) number() int { return 2 + m.IntN(40) }

func (m maker) linear() (a, b int) { return 1 + m.IntN(9), m.IntN(19) - 9 }

func signed(b int) string { return fmt.Sprintf("%+d", b) }

// pair gives an expression and the same otherwise: expanded, rationalised,
// reordered, over a common denominator.
func (m maker) pair() (x, y string) {
	a, b := m.linear()
	c, d := m.linear()
	p, q := m.number(), m.number()
	switch m.IntN(12) {
	case 0: // expand
		return fmt.Sprintf("(%dx%s)(%dx%s)", a, signed(b), c, signed(d)), fmt.Sprintf("%dx^2%sx%s", a*c, signed(a*d+b*c), signed(b*d))
	case 1: // a square
		return fmt.Sprintf("(%dx%s)^2", a, signed(b)), fmt.Sprintf("%dx^{2} %s x %s", a*a, signed(2*a*b), signed(b*b))
	case 2: // rationalise
		return fmt.Sprintf(`\frac{%d}{\sqrt{%d}}`, p, q), fmt.Sprintf(`\frac{%d\sqrt{%d}}{%d}`, p, q, q)
	case 3: // conjugate
		return fmt.Sprintf(`\frac{1}{\sqrt{%d}+\sqrt{%d}}`, p+q, p), fmt.Sprintf(`\frac{\sqrt{%d}-\sqrt{%d}}{%d}`, p+q, p, q)
	case 4: // reorder
		return fmt.Sprintf(`%d\pi + %d\sqrt{3} %s`, p, q, signed(b)), fmt.Sprintf(`%d %s + %d\pi`, b, fmt.Sprintf(`+%d\sqrt3`, q), p)
	case 5: // a common denominator
		return fmt.Sprintf(`\frac{%d}{%d}+\frac{%d}{%d}`, a, p, c, q), fmt.Sprintf(`\dfrac{%d}{%d}`, a*q+c*p, p*q)
	case 6: // logarithms
		return fmt.Sprintf(`\ln %d+\ln %d`, p, q), fmt.Sprintf(`\ln(%d)`, p*q)
	case 7: // powers
		return fmt.Sprintf(`%d^{%d}`, p*p, q), fmt.Sprintf(`%d^{%d}`, p, 2*q)
	case 8: // trigonometry
		return fmt.Sprintf(`%d\sin^2 x + %d\cos^2 x`, p, p+q), fmt.Sprintf(`%d + %d\cos^2 x`, p, q)
	case 9: // partial fractions
		return fmt.Sprintf(`\frac{1}{(x+%d)(x+%d)}`, p, p+q), fmt.Sprintf(`\frac{1}{%d}\left(\frac{1}{x+%d}-\frac{1}{x+%d}\right)`, q, p, p+q)
	case 10: // complex numbers
		return fmt.Sprintf(`(%d+%di)(%d-%di)`, a, p, c, q), fmt.Sprintf(`%d %s i`, a*c+p*q, signed(p*c-a*q))
	}
	n := 3 + m.IntN(9)
	return fmt.Sprintf(`%d!`, n), fmt.Sprintf(`%d \cdot (%d)!`, n, n-1)
}

func TestExactRewritingIsSeenThrough(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(7, 11))}
	for range 4000 {
		x, y := m.pair()
		r := mathx.Equal(x, y, mathx.Options{})
		assert.Equal(t, mathx.Same, r.Outcome, "%s and %s: %s", x, y, r.Why)
		assert.True(t, same(y, x), "%s and %s the other way", y, x)
	}
}

// TestOneOtherNumberIsNeverEqual changes one number of an expression: what comes
// out is another value, and must never be taken for the same.
func TestOneOtherNumberIsNeverEqual(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(13, 17))}
	for range 4000 {
		a, b := m.linear()
		c, d := m.linear()
		p, q := m.number(), m.number()
		k := 1 + m.IntN(5) // the change
		var x, y string
		switch m.IntN(9) {
		case 0:
			x, y = fmt.Sprintf("(%dx%s)(%dx%s)", a, signed(b), c, signed(d)), fmt.Sprintf("%dx^2%sx%s", a*c, signed(a*d+b*c), signed(b*d+k))
		case 1:
			x, y = fmt.Sprintf(`\frac{%d}{\sqrt{%d}}`, p, q), fmt.Sprintf(`\frac{%d\sqrt{%d}}{%d}`, p, q, q+k)
		case 2:
			x, y = fmt.Sprintf(`%d\pi + %d\sqrt{3}`, p, q), fmt.Sprintf(`%d\sqrt3+%d\pi`, q+k, p)
		case 3:
			x, y = fmt.Sprintf(`\frac{%d}{%d}`, p, q), fmt.Sprintf(`\frac{%d}{%d}`, p, q+k)
		case 4:
			x, y = fmt.Sprintf(`\ln %d`, p), fmt.Sprintf(`\ln %d`, p+k)
		case 5:
			x, y = fmt.Sprintf(`%d^{%d}`, p, 100*q), fmt.Sprintf(`%d^{%d}`, p, 100*q+k)
		case 6:
			x, y = fmt.Sprintf(`\frac{1}{%d!}`, 500+p), fmt.Sprintf(`\frac{1}{%d!}`, 500+p+k)
		case 7:
			x, y = fmt.Sprintf(`(%d, %d)`, p, q), fmt.Sprintf(`(%d, %d)`, p, q+k)
		case 8:
			x, y = fmt.Sprintf(`%d.%03d\times 10^{-%d}`, a, p, 300+q), fmt.Sprintf(`%d.%03d\times 10^{-%d}`, a, p+k, 300+q)
		}
		assert.False(t, same(x, y), "%s and %s", x, y)
		assert.False(t, same(y, x), "%s and %s", y, x)
	}
}

// hostile are inputs made to take long, or much memory.
func hostile() map[string][2]string {
	deep := func(open, shut string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(shut, n) }
	list := func(n int, f string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, f, i)
		}
		return b.String()
	}
	return map[string][2]string{
		"tower":                 {"7", strings.Repeat("9^{", 400) + "9" + strings.Repeat("}", 400)},
		"two towers":            {strings.Repeat("9^", 300) + "9", strings.Repeat("9^", 300) + "8"},
		"factorials":            {"5", "9" + strings.Repeat("!)", 1) + "!!!!!!!!"},
		"nested factorials":     {"5", strings.Repeat("(", 60) + "9" + strings.Repeat("!)", 60)},
		"large factorial":       {"4999!", "4998!"},
		"sums of factorials":    {strings.Repeat("4999!+", 200) + "1", strings.Repeat("4998!+", 200) + "2"},
		"deep brackets":         {"1", deep("(", ")", 3000)},
		"deep fractions":        {"1", deep(`\frac{1}{1+`, "}", 500)},
		"deep roots":            {"2", deep(`\sqrt{2+`, "}", 500)},
		"powers of polynomials": {"(a+b+c+d+e+f)^{40}", "(f+e+d+c+b+a)^{41}"},
		"product of sums":       {strings.Repeat("(a+b+c+d+1)", 60), strings.Repeat("(a+b+c+d+2)", 60)},
		"many symbols":          {list(300, "x_{%d}"), list(300, "y_{%d}")},
		"long lists":            {list(390, `\sqrt{%d}`), list(389, `\sqrt{%d}`) + ",7"},
		"list of sines":         {list(200, `\sin %d`), list(200, `\cos %d`)},
		"signs":                 {strings.Repeat(`\pm 1,`, 300), strings.Repeat(`\mp 2,`, 300)},
		"signs within a tuple":  {"(" + strings.Repeat(`\pm x,`, 30) + "1)", "(" + strings.Repeat(`\pm y,`, 30) + "1)"},
		"long sum":              {strings.Repeat("x+", 2000) + "1", strings.Repeat("x+", 2000) + "2"},
		"signs in braces":       {strings.Repeat("{-}", 2700), strings.Repeat("{+}", 2700)},
		"dollars":               {strings.Repeat("$1", 4050), strings.Repeat("$ 2", 2600)},
		"all integers":          {`\{n \in \mathbb{Z} | -9000000000000000000 < n < 9000000000000000000\}`, "3"},
		"remarks":               {strings.Repeat("is, ", 2000), strings.Repeat("so, ", 2000)},
		"words":                 {strings.Repeat("m/sso ", 1300), strings.Repeat("m/sis ", 1300)},
		"nested sines":          {strings.Repeat(`\sin-1 `, 1000), strings.Repeat(`\sin(x) `, 1000)},
		"chain of relations":    {strings.Repeat("1=~ ", 2000), strings.Repeat("so< ", 2000)},
		"chain of indexes":      {strings.Repeat("so_ ", 2000), strings.Repeat("_is ", 2000)},
		"open texts":            {strings.Repeat(`\text{ `, 1100), strings.Repeat(`1\text{ `, 1000)},
		"open texts in words":   {strings.Repeat(`x\mathrm{`, 900), strings.Repeat("A1", 4000)},
		"aligned":               {strings.Repeat(`\begin{align}&1`, 500), strings.Repeat(`\begin{align}&2\\`, 400)},
		"double factorials":     {"1" + strings.Repeat("!!", 59), "3" + strings.Repeat("!!", 30)},
		"signs behind":          {"1" + strings.Repeat("!!", 2000), "x" + strings.Repeat("'", 4000)},
		"sigma":                 {`\sum_{k=1}^{1999}\sum_{j=1}^{1999} kj`, "1"},
		"sigmas side by side":   {strings.Repeat(`\sum_{k=1}^{1900}k^k+`, 100) + "1", "1"},
		"large digits":          {strings.Repeat("9", 8000), strings.Repeat("9", 7999) + "8"},
		"large exponent":        {"1e999999", "1e999998"},
		"recurring":             {"0.(" + strings.Repeat("3", 390) + ")", "0.(" + strings.Repeat("3", 389) + "4)"},
		"determinant":           {`\begin{vmatrix}a&b&c&d\\e&f&g&h\\i&j&k&l\\m&n&o&p\end{vmatrix}`, `\begin{vmatrix}a&b&c&d\\e&f&g&h\\i&j&k&l\\m&n&o&q\end{vmatrix}`},
		"families":              {list(60, `\frac{k\pi}{%d1}`) + `,k\in\mathbb{Z}`, list(60, `\frac{k\pi}{%d2}`) + `,k\in\mathbb{Z}`},
		"unions":                {strings.Repeat(`(1,2)\cup`, 200) + "(3,4)", strings.Repeat(`(1,2)\cup`, 200) + "(3,5)"},
		"text":                  {strings.Repeat(`\text{a, b and c}`, 200), strings.Repeat(`\text{a, b and d}`, 200)},
		"entities":              {"1", strings.Repeat("&amp;", 1500)},
		"wide":                  {"1", strings.Repeat("（", 2500)},
		"units":                 {"5 " + strings.Repeat("m/", 2000), "6 " + strings.Repeat("m/", 2000)},
		"angle of trigonometry": {`\sin(10^{5000})`, `\sin(10^{5000}+1)`},
		"cancellation":          {`\sqrt{10^{2000}+1}-10^{1000}`, "0"},
		"equations":             {strings.Repeat("(x+y+1)", 40) + "=0", strings.Repeat("(x+y+2)", 40) + "=0"},
	}
}

// TestNoInputTakesMoreThanItsBudget looks at the work that is counted and at the
// memory that is taken, not at the clock: MaxWork is about 5 ms.
func TestNoInputTakesMoreThanItsBudget(t *testing.T) {
	const most = 16 << 20
	for name, in := range hostile() {
		for _, p := range [][2]string{in, {in[1], in[0]}, {in[1], in[1]}} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := mathx.Equal(p[0], p[1], mathx.Options{})
			mathx.CanonicalLike(p[1], "")
			runtime.ReadMemStats(&after)
			assert.LessOrEqual(t, r.Work, mathx.MaxWork, name)
			assert.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(most), name)
		}
		assert.False(t, same(in[0], in[1]) && name != "powers", "%s: different inputs", name)
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range table(f) {
		f.Add(c.gold)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := mathx.Parse(s)
		if err == nil {
			assert.NotEmpty(t, v.Kind())
			_ = v.String()
		}
		mathx.Statement(s)
		mathx.ListLen(s)
		mathx.ParseRational(s)
	})
}

func FuzzEqual(f *testing.F) {
	for _, c := range table(f) {
		f.Add(c.gold, c.answer)
	}
	for _, in := range hostile() {
		f.Add(in[0], in[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		r := mathx.Equal(a, b, mathx.Options{})
		assert.LessOrEqual(t, r.Work, mathx.MaxWork)
		if v, err := mathx.Parse(a); err == nil && v.Kind() != "text" {
			r := mathx.Equal(a, a, mathx.Options{})
			assert.Equal(t, mathx.Same, r.Outcome, "what is read equals itself: %q: %s", a, r.Why)
		}
		mathx.CanonicalLike(b, a)
		_ = mathx.Explain(a, b, mathx.Options{}).String()
	})
}
