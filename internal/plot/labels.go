package plot

import "math"

// A box is a rectangle with sides along the axes, x0 <= x1 and y0 <= y1.
type box struct{ x0, y0, x1, y1 float64 }

func around(p place, w, h float64) box {
	return box{p.x - w/2, p.y - h/2, p.x + w/2, p.y + h/2}
}

func span(a, b place) box {
	return box{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}
}

func (b box) meets(o box) bool {
	return b.x0 <= o.x1 && o.x0 <= b.x1 && b.y0 <= o.y1 && o.y0 <= b.y1
}

func (b box) within(o box) bool {
	return b.x0 >= o.x0 && b.x1 <= o.x1 && b.y0 >= o.y0 && b.y1 <= o.y1
}

// along tells how far the boxes lie over each other, on the longer side.
func (b box) along(o box) float64 {
	return max(min(b.x1, o.x1)-max(b.x0, o.x0), min(b.y1, o.y1)-max(b.y0, o.y0))
}

// crosses tells whether the line from a to b runs through the box: Liang and
// Barsky (1984), ACM ToG 3:1.
func (b box) crosses(from, to place) bool {
	enter, leave := 0.0, 1.0
	for _, side := range [][2]float64{
		{from.x - to.x, from.x - b.x0}, {to.x - from.x, b.x1 - from.x},
		{from.y - to.y, from.y - b.y0}, {to.y - from.y, b.y1 - from.y},
	} {
		switch p, q := side[0], side[1]; {
		case p == 0 && q < 0:
			return false
		case p < 0:
			enter = max(enter, q/p)
		case p > 0:
			leave = min(leave, q/p)
		}
	}
	return enter <= leave
}

// A field is where labels are put, one after the other.
type field struct {
	bounds  box
	marks   []box      // which no label may cover
	lines   []box      // which a label had better not cover
	labels  []box      // put so far
	leaders [][2]place // drawn so far
}

// A label is a box of text; where it stands apart from its point, a line leads
// from the point to it.
type label struct {
	box
	leader   bool
	from, to place
}

const (
	labelHeight = 15.0
	side        = 2*radius + 2 // of the square about a mark that is kept free
	clear       = side * 0.72  // from a point beyond the corner of that square
)

// find gives the cheapest place for a label w wide near p, and its price, which
// is infinite where every place near would cover a mark or another label.
func (f *field) find(p place, w float64) (best label, cheapest float64) {
	cheapest = math.Inf(1)
	for _, reach := range []float64{0, 10, 20, 32, 46, 62, 80, 100} {
		for turn := range 16 {
			l := candidate(p, w+2, reach, float64(turn)*math.Pi/8)
			if price := f.price(l) + 0.6*reach + 0.2*float64(turn%2); price < cheapest {
				best, cheapest = l, price
			}
		}
	}
	return best, cheapest
}

// take puts a label.
func (f *field) take(l label) {
	f.labels = append(f.labels, l.box)
	if l.leader {
		f.leaders = append(f.leaders, [2]place{l.from, l.to})
	}
}

// candidate is a label whose nearest edge is reach units beyond the mark at p,
// in the direction turn (radians, clockwise from the right).
func candidate(p place, w, reach, turn float64) label {
	dx, dy := math.Cos(turn), math.Sin(turn)
	r := radius + 2 + reach
	middle := place{p.x + dx*(r+w/2), p.y + dy*(r+labelHeight/2)}
	l := label{box: around(middle, w, labelHeight), leader: reach > 0}
	to := place{min(max(p.x, l.x0), l.x1), min(max(p.y, l.y0), l.y1)}
	long := math.Hypot(to.x-p.x, to.y-p.y)
	if long < clear+2 {
		l.leader = false
		return l
	}
	l.to = to
	l.from = place{p.x + (to.x-p.x)/long*clear, p.y + (to.y-p.y)/long*clear}
	return l
}

// price tells how bad a place is: infinite if it must not be.
func (f *field) price(l label) float64 {
	price := 0.0
	if !l.within(f.bounds) {
		return math.Inf(1)
	}
	for _, b := range f.marks {
		if l.meets(b) || l.leader && b.crosses(l.from, l.to) {
			return math.Inf(1)
		}
	}
	for _, b := range f.labels {
		if l.meets(b) || l.leader && b.crosses(l.from, l.to) {
			return math.Inf(1)
		}
	}
	for _, d := range f.leaders {
		if l.crosses(d[0], d[1]) {
			return math.Inf(1)
		}
	}
	for _, b := range f.lines {
		if l.meets(b) {
			price += 15 + 0.4*l.along(b)
		}
		if l.leader && b.crosses(l.from, l.to) {
			price += 15
		}
	}
	return price
}
