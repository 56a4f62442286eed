package plot

import (
	"cmp"
	"fmt"
	"io"
	"math"
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
	nameless := t.names()
	c.legend([]key{{dot, "blue", "frontier: no other is better and cheaper"}, {ring, "grey", "behind it"}, {thinLine, "soft", "95% interval"}})
	if len(nameless) > 0 {
		c.paragraph("No room for a name: " + strings.Join(nameless, "; "))
	}
	if len(missing) > 0 {
		c.paragraph("Not shown, for want of a score or a price: " + strings.Join(missing, "; "))
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

// names writes each model's name near its point, and tells of the points whose
// names find no room.
func (t *tradeoff) names() (nameless []string) {
	f := t.field()
	for _, i := range t.order() {
		class, size := "small ink", small
		if t.frontier[i] {
			class, size = "small bold ink", small*bold
		}
		var best label
		name, cheapest := "", math.Inf(1)
		// A name is shortened where that spares more than it costs.
		for cut, room := range []float64{230, 150, 110} {
			short := fit(t.points[i].Name, size, room)
			l, price := f.find(t.at[i], textWidth(short, size))
			if price += 12 * float64(cut); price < cheapest {
				best, name, cheapest = l, short, price
			}
		}
		if name == "" {
			nameless = append(nameless, t.brief(i))
			continue
		}
		f.take(best)
		if best.leader {
			t.line(best.from, best.to, "hair soft")
		}
		t.begin(t.tell(i))
		t.text(place{best.x0 + 1, best.y1 - 3}, class, name)
		t.end()
	}
	return nameless
}

// field is where names may stand: clear of the points, and better of the lines.
func (t *tradeoff) field() field {
	f := field{bounds: box{t.x.from + 2, t.y.to, width - 2, t.y.from}}
	for i, p := range t.points {
		f.marks = append(f.marks, around(t.at[i], side, side))
		if p.Interval.known() {
			f.lines = append(f.lines, box{t.at[i].x, t.y.at(p.Interval.High), t.at[i].x, t.y.at(p.Interval.Low)})
		}
	}
	step := t.steps()
	for i := 1; i < len(step); i++ {
		f.lines = append(f.lines, span(step[i-1], step[i]))
	}
	return f
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

func (t *tradeoff) brief(i int) string {
	p := t.points[i]
	return fmt.Sprintf("%s %s%% at %s", p.Name, percent(p.Score), t.price.figure(p.Price))
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
