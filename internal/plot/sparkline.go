package plot

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// Sparkline draws values in one line of text, ▁ at low or below and █ at high or
// above. A value that is not finite is a blank. Where low < high does not hold,
// the least and greatest of the values stand for them.
func Sparkline(values []float64, low, high float64) string {
	const bars = "▁▂▃▄▅▆▇█"
	levels := []rune(bars)
	s := sparkScale(values, low, high)
	s.from, s.to = 0, float64(len(levels)-1)
	var b strings.Builder
	for _, v := range values {
		if !finite(v) {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(levels[int(math.Round(s.at(v)))])
	}
	return b.String()
}

// sparkScale is [low, high], or the range of the values; where they are all
// alike they lie in its middle.
func sparkScale(values []float64, low, high float64) scale {
	// A fourth of the greatest float keeps differences finite.
	const limit = math.MaxFloat64 / 4
	if s := (Span{low, high}); !s.known() {
		low, high = math.Inf(1), math.Inf(-1)
		for _, v := range values {
			if finite(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	low, high = max(low, -limit), min(high, limit)
	if low >= high {
		half := max(math.Abs(low)/2, 1)
		low, high = low-half, high+half
	}
	return scale{low: low, high: high}
}

// SparklineData is what SparklineSVG draws.
type SparklineData struct {
	Name      string // what a screen reader says
	Values    []float64
	Low, High float64 // as in Sparkline
	Theme     Theme
}

// SparklineSVG draws values as a line 120 units wide and 24 high, with a dot on
// the last. The line breaks where a value is not finite.
func SparklineSVG(w io.Writer, data SparklineData) error {
	corner := place{120, 24}
	c := blank(Head{Title: data.Name, Theme: data.Theme}, "Trend")
	y := sparkScale(data.Values, data.Low, data.High)
	y.from, y.to = corner.y-radius-1, radius+1
	x := scale{low: 0, high: float64(max(len(data.Values)-1, 1)), from: radius + 1, to: corner.x - radius - 1}
	var run []place
	shown := 0
	for i, v := range data.Values {
		if !finite(v) {
			c.polyline(run, "line blue")
			run = nil
			continue
		}
		run = append(run, place{x.at(float64(i)), y.at(v)})
		shown++
	}
	c.polyline(run, "line blue")
	if len(run) > 0 {
		last := run[len(run)-1]
		fmt.Fprintf(&c.body, "<circle cx=\"%s\" cy=\"%s\" r=\"3\" class=\"fill blue\"/>\n", num(last.x), num(last.y))
	}
	if shown == 0 {
		c.text(place{corner.x / 2, corner.y/2 + 4}, "small soft middle", "no data")
		return c.write(w, "no data", corner)
	}
	return c.write(w, fmt.Sprintf("%d values", shown), corner)
}
