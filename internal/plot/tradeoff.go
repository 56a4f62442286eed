package plot

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Price is what is paid for an answer.
type Price string

// The prices.
const (
	Tokens  Price = "tokens"  // mean output tokens an answer
	Dollars Price = "dollars" // mean cost in USD an answer
)

func (p Price) label() string {
	if p == Dollars {
		return "mean cost of an answer in USD"
	}
	return "mean output tokens of an answer"
}

func (p Price) figure(x float64) string {
	if p == Dollars {
		return "$" + compact(x)
	}
	return compact(x)
}

// TradeoffData is what Tradeoff draws.
type TradeoffData struct {
	Head
	Price  Price // the unit of the points' prices; Tokens if empty
	Points []TradeoffPoint
}

// A TradeoffPoint is one model: its score, a share in [0, 1], and its price,
// which is positive. A point that lacks one is named below the chart.
type TradeoffPoint struct {
	Name     string
	Price    float64
	Score    float64
	Interval Span // at 95%
}

// Tradeoff draws score over price, in a logarithmic scale, with the frontier:
// the models than which none is both better and cheaper.
func Tradeoff(w io.Writer, data TradeoffData) error {
	c := newCanvas(data.Head, "Score and price")
	var points []TradeoffPoint
	var missing []string
	for _, p := range data.Points {
		p.Name, p.Interval = clean(p.Name), p.Interval.clipped()
		if !share(p.Score) || !positive(p.Price) {
			missing = append(missing, p.Name)
			continue
		}
		points = append(points, p)
	}
	if len(points) == 0 {
		return c.noData(w)
	}
	slices.SortStableFunc(points, func(a, b TradeoffPoint) int {
		return cmp.Or(cmp.Compare(a.Price, b.Price), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name))
	})
	t := newTradeoff(c, points)
	t.price = data.Price
	t.axes()
	t.draw()
	t.names()
	c.legend([]key{{dot, "blue", "frontier: no other is better and cheaper"}, {ring, "grey", "behind it"}, {thinLine, "soft", "95% interval"}})
	for _, m := range missing {
		c.paragraph("Not shown, for want of a score or a price: " + m)
	}
	return c.finish(w, t.describe())
}

// A tradeoff is the chart while it is drawn.
type tradeoff struct {
	*canvas
	price    Price
	points   []TradeoffPoint // by price
	frontier []bool
	at       []place
	x, y     scale
	ticks    [2][]float64 // of x, of y
}

func newTradeoff(c *canvas, points []TradeoffPoint) *tradeoff {
	const height = 330
	t := &tradeoff{canvas: c, points: points}
	var prices, scores []float64
	best := -1.0
	for _, p := range points {
		prices, scores = append(prices, p.Price), append(scores, p.Score)
		if p.Interval.known() {
			scores = append(scores, p.Interval.Low, p.Interval.High)
		}
		t.frontier = append(t.frontier, p.Score > best)
		best = max(best, p.Score)
	}
	t.x, t.ticks[0], _ = logScale(prices)
	t.y, t.ticks[1] = percentScale(scores, 0.1)
	t.x.from, t.x.to = margin+36, width-margin-4
	t.y.from, t.y.to = c.y+height, c.y+8
	c.y += height
	for _, p := range points {
		t.at = append(t.at, place{t.x.at(p.Price), t.y.at(p.Score)})
	}
	return t
}

func (t *tradeoff) axes() {
	for _, tick := range t.ticks[1] {
		y := t.y.at(tick)
		t.line(place{t.x.from, y}, place{t.x.to, y}, "hair grid")
		t.text(place{t.x.from - 5, y + 4}, "small soft end", fmt.Sprintf("%.0f%%", 100*tick))
	}
	last := 0.0
	for _, tick := range t.ticks[0] {
		x := t.x.at(tick)
		t.line(place{x, t.y.from}, place{x, t.y.to}, "hair grid")
		label := t.price.figure(tick)
		half := textWidth(label, small) / 2
		if x-half > last && x+half < width {
			t.text(place{x, t.canvas.y + 15}, "small soft middle", label)
			last = x + half + 4
		}
	}
	t.canvas.y += 32
	t.text(place{(t.x.from + t.x.to) / 2, t.canvas.y}, "small soft middle", t.price.label()+" (logarithmic)")
	t.canvas.y += 4
}

func (t *tradeoff) draw() {
	t.polyline(t.steps(), "line blue")
	for i, p := range t.points {
		at, colour, form := t.at[i], "grey", ring
		if t.frontier[i] {
			colour, form = "blue", dot
		}
		t.begin(t.tell(i))
		if p.Interval.known() {
			if low := t.y.at(p.Interval.Low); low > at.y+radius {
				t.line(place{at.x, at.y + radius}, place{at.x, low}, "hair "+colour)
			}
			if high := t.y.at(p.Interval.High); high < at.y-radius {
				t.line(place{at.x, high}, place{at.x, at.y - radius}, "hair "+colour)
			}
		}
		t.mark(at, form, colour)
		t.end()
	}
}

// steps is the frontier as a line: at each price, the best score that it buys.
func (t *tradeoff) steps() []place {
	var line []place
	for i, at := range t.at {
		if !t.frontier[i] {
			continue
		}
		if len(line) > 0 {
			line = append(line, place{at.x, line[len(line)-1].y})
		}
		line = append(line, at)
	}
	return append(line, place{t.x.to, line[len(line)-1].y})
}

// names writes each model's name near its point, or a letter where there is no
// room, which is explained below.
func (t *tradeoff) names() {
	const room = 150
	f := field{bounds: box{t.x.from + 2, t.y.to, t.x.to, t.y.from}}
	for i, p := range t.points {
		f.marks = append(f.marks, around(t.at[i], 2*radius+1, 2*radius+1))
		if p.Interval.known() {
			f.lines = append(f.lines, box{t.at[i].x, t.y.at(p.Interval.High), t.at[i].x, t.y.at(p.Interval.Low)})
		}
	}
	step := t.steps()
	for i := 1; i < len(step); i++ {
		f.lines = append(f.lines, span(step[i-1], step[i]))
	}
	var letters []string
	for _, i := range t.order() {
		name := fit(t.points[i].Name, small, room)
		label, ok := f.put(t.at[i], textWidth(name, small))
		if !ok {
			letter := letterOf(len(letters))
			letters = append(letters, letter+"  "+t.points[i].Name)
			name = letter
			if label, ok = f.put(t.at[i], textWidth(name, small)); !ok {
				continue
			}
		}
		if label.leader {
			t.line(label.from, label.to, "hair soft")
		}
		class := "small ink"
		if t.frontier[i] {
			class = "small bold ink"
		}
		t.begin(t.tell(i))
		t.text(place{label.x0 + 1, label.y1 - 3}, class, name)
		t.end()
	}
	for _, l := range letters {
		t.paragraph(l)
	}
}

// order is that in which names take their places: the frontier first.
func (t *tradeoff) order() []int {
	var first, rest []int
	for i, f := range t.frontier {
		if f {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	return append(first, rest...)
}

func letterOf(i int) string {
	return strings.Repeat(string(rune('a'+i%26)), 1+i/26)
}

func (t *tradeoff) tell(i int) string {
	p := t.points[i]
	s := fmt.Sprintf("%s: %s%%", p.Name, percent(p.Score))
	if p.Interval.known() {
		s += fmt.Sprintf(" (%s to %s)", percent(p.Interval.Low), percent(p.Interval.High))
	}
	s += " at " + t.price.figure(p.Price)
	if t.price != Dollars {
		s += " tokens"
	}
	if t.frontier[i] {
		s += ", on the frontier"
	}
	return s
}

func (t *tradeoff) describe() string {
	var parts []string
	for i := range t.points {
		parts = append(parts, t.tell(i)+".")
	}
	return strings.Join(parts, " ")
}
