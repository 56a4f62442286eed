package plot

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// luminance is the relative luminance of #rrggbb: WCAG 2.2, section "relative
// luminance".
func luminance(t *testing.T, hex string) float64 {
	v, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	require.NoError(t, err)
	linear := func(c uint64) float64 {
		x := float64(c&0xff) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(v>>16) + 0.7152*linear(v>>8) + 0.0722*linear(v)
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a)+0.05, luminance(t, b)+0.05
	return max(x, y) / min(x, y)
}

func TestEveryColourIsSeenOnItsGround(t *testing.T) {
	for _, c := range palette {
		least := 3.0 // of marks
		switch c.name {
		case "grid":
			continue // what it shows the figures say too
		case "ink", "soft", "red": // letters
			least = 4.5
		}
		assert.GreaterOrEqual(t, contrast(t, c.light, "#ffffff"), least, c.name)
		assert.GreaterOrEqual(t, contrast(t, c.dark, "#0d1117"), least, c.name)
	}
}

func TestLabelsCoverNeitherEachOtherNorMarks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	put := 0
	for range 20 {
		f := field{bounds: box{0, 0, 430, 330}}
		var points []place
		for range 20 {
			points = append(points, place{10 + 410*r.Float64(), 10 + 310*r.Float64()})
			f.marks = append(f.marks, around(points[len(points)-1], side, side))
		}
		for _, p := range points {
			l, price := f.find(p, 60+90*r.Float64())
			if math.IsInf(price, 1) {
				continue
			}
			put++
			assert.True(t, l.within(f.bounds))
			for _, b := range append(f.labels, f.marks...) {
				assert.False(t, l.meets(b))
			}
			f.take(l)
		}
	}
	assert.Greater(t, put, 360, "of 400 labels")
}

func TestALineCrossesABox(t *testing.T) {
	b := box{10, 10, 20, 20}
	for _, c := range []struct {
		from, to place
		want     bool
	}{
		{place{0, 0}, place{30, 30}, true},
		{place{12, 12}, place{13, 14}, true},
		{place{15, 0}, place{15, 30}, true},
		{place{0, 0}, place{9, 9}, false},
		{place{0, 15}, place{9, 15}, false},
		{place{0, 21}, place{30, 21}, false},
		{place{0, 12}, place{12, 30}, false},
	} {
		assert.Equal(t, c.want, b.crosses(c.from, c.to), "%v", c)
	}
}

func TestCleanLeavesOneHarmlessLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                          none,
		"\u200b\x00":                none,
		" a \n\t b\u2028c":          "a b c",
		"x\u202ey\x1b[31m":          "xy[31m",
		"e\u0301\u0301\u0301\u0301": "e\u0301\u0301",
		"bad\xff":                   "bad\ufffd",
		"\ufffe\U0001ffff名":         "名",
	} {
		assert.Equal(t, want, clean(in), "%q", in)
	}
}

func TestFitShortensInTheMiddle(t *testing.T) {
	assert.Equal(t, "short", fit("short", 12, 100))
	got := fit("organisation/model-with-a-long-name-70B", 12, 120)
	assert.Regexp(t, `^organ.*….*-70B$`, got)
	assert.LessOrEqual(t, textWidth(got, 12), 120.0)
	assert.Equal(t, "…", fit("name", 12, 1))
}

func TestCompact(t *testing.T) {
	for x, want := range map[float64]string{0.0123: "0.0123", 1: "1", 999.4: "999", 999.9: "1k", 1234: "1.23k", 32768: "32.8k", 999999: "1M", 2.5e9: "2.5G", 1e12: "1T"} {
		assert.Equal(t, want, compact(x))
	}
}

func TestTicksAreRoundAndCoverTheData(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   []float64
	}{
		{[]float64{0.13, 0.97}, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{[]float64{0.92, 0.98}, []float64{0.9, 0.92, 0.94, 0.96, 0.98, 1}},
		{[]float64{1}, []float64{0.9, 0.92, 0.94, 0.96, 0.98, 1}},
		{[]float64{0}, []float64{0, 0.02, 0.04, 0.06, 0.08, 0.1}},
		{[]float64{0.6, 0.75}, []float64{0.6, 0.65, 0.7, 0.75}},
		{nil, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
	} {
		s, ticks := percentScale(c.values, 0.1)
		assert.InDeltaSlice(t, c.want, ticks, 1e-9, "%v", c.values)
		assert.Equal(t, []float64{ticks[0], ticks[len(ticks)-1]}, []float64{s.low, s.high})
	}
	for _, c := range []struct {
		values []float64
		want   []float64
	}{
		{[]float64{500, 200000}, []float64{1e3, 1e4, 1e5}},
		{[]float64{1300, 25000}, []float64{2e3, 5e3, 1e4, 2e4}},
		{[]float64{math.NaN(), -1, 0, math.Inf(1), 900, 90000}, []float64{1e3, 1e4, 1e5}},
	} {
		s, ticks, ok := logScale(c.values)
		require.True(t, ok)
		assert.InEpsilonSlice(t, c.want, ticks, 1e-9, "%v", c.values)
		assert.True(t, s.log && s.low > 0 && s.low < s.high)
	}
	_, _, ok := logScale([]float64{math.NaN(), 0})
	assert.False(t, ok)
}
