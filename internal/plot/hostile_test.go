package plot_test

import (
	"bytes"
	"math"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/plot"
)

var hostile = []string{
	"", "plain", `</text><script>alert("1")</script>`, `" onload='x' &amp; ]]> <!-- `, "a\x00\x01\x1b[31m\x7f\u0085b", "\xff\xfe broken",
	"\u202egnp.exe\u2066\u200f", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "two\r\nlines\u2028and\u2029more", "\ufffe\uffff\U0001fffe", "通义千问-三-二三五B-思考", "🤖👩‍🔬", "ﷺﷺ",
}

var numbers = []float64{0, 0.5, 1, -1, 1e300, -1e300, 5e-324, math.NaN(), math.Inf(1), math.Inf(-1), 1e-9, 1e12, 32768}

// sound checks what must hold of every chart, whatever it was given.
func sound(t *testing.T, svg []byte) {
	t.Helper()
	text := wellFormed(t, svg)
	for _, r := range text {
		assert.False(t, unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r), "%U", r)
	}
	assert.NotContains(t, string(svg), "<script")
	onCanvas(t, svg)
}

func FuzzScores(f *testing.F) {
	for i, name := range hostile {
		at := func(j int) float64 { return numbers[(i+j)%len(numbers)] }
		f.Add(name, hostile[len(hostile)-1-i], at(0), at(1), at(2), at(3), at(4))
	}
	f.Fuzz(func(t *testing.T, name, marks string, score, low, high, rerunLow, rerunHigh float64) {
		row := plot.ScoreRow{Name: name, Marks: marks, Score: score, Interval: plot.Span{Low: low, High: high}, Rerun: plot.Span{Low: rerunLow, High: rerunHigh}, Best: score > 0.5}
		data := plot.ScoresData{
			Head:   plot.Head{Title: name, Subtitle: marks, Notes: []string{name}},
			Panels: []plot.ScorePanel{{Name: name, Rows: []plot.ScoreRow{row, {Name: marks, Score: low}}}, {Name: marks}},
		}
		var once, twice bytes.Buffer
		require.NoError(t, plot.Scores(&once, data))
		require.NoError(t, plot.Scores(&twice, data))
		assert.Equal(t, once.String(), twice.String())
		sound(t, once.Bytes())
	})
}

func FuzzOtherCharts(f *testing.F) {
	for i, name := range hostile {
		at := func(j int) float64 { return numbers[(i+j)%len(numbers)] }
		f.Add(name, at(0), at(1), at(2), int64(i)*1e9, i-1)
	}
	f.Fuzz(func(t *testing.T, name string, a, b, c float64, seconds int64, count int) {
		head := plot.Head{Title: name}
		var out bytes.Buffer
		require.NoError(t, plot.Tradeoff(&out, plot.TradeoffData{Head: head, Price: plot.Price(name), Points: []plot.TradeoffPoint{
			{Name: name, Price: a, Score: b, Interval: plot.Span{Low: b, High: c}}, {Name: name, Price: c, Score: 0.5}, {Name: "m", Price: 1000, Score: 0.6},
		}}))
		sound(t, out.Bytes())
		out.Reset()
		require.NoError(t, plot.Lengths(&out, plot.LengthsData{Head: head, Budget: c, Models: []plot.ModelLengths{{Name: name, Outcomes: []plot.OutcomeLengths{
			{Outcome: name, Count: count, Quantiles: [5]float64{a, a, b, b, c}}, {Outcome: "correct", Count: 3, Quantiles: [5]float64{1, 2, 3, 4, 5}},
		}}}}))
		sound(t, out.Bytes())
		out.Reset()
		date := time.Unix(seconds, 0)
		require.NoError(t, plot.Trend(&out, plot.TrendData{Head: head, Series: []plot.Series{{Name: name, Nights: []plot.Night{
			{Date: date, Score: a, Interval: plot.Span{Low: b, High: c}, Status: plot.Status(name)}, {Date: date.AddDate(0, 0, count%1000), Score: 0.5, Interval: plot.Span{Low: a, High: c}, Status: plot.Regression},
		}}}}))
		sound(t, out.Bytes())
		out.Reset()
		require.NoError(t, plot.SparklineSVG(&out, plot.SparklineData{Name: name, Values: []float64{a, b, c, 0.5}, Low: c, High: a}))
		sound(t, out.Bytes())
		assert.Len(t, []rune(plot.Sparkline([]float64{a, b, c}, b, a)), 3)
	})
}
