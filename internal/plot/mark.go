package plot

import "fmt"

// A shape is the form of a mark, so that no mark is told by colour alone.
type shape int

const (
	dot shape = iota
	ring
	cross
	up
	down
	diamond
	square
	thinLine // these stand in legends only
	thickLine
	stepLine
	dashedLine
	strip
)

const radius = 4.5

// mark draws a shape about a point in a colour of the palette.
func (c *canvas) mark(p place, s shape, colour string) {
	const r = radius
	path := func(d, class string) {
		fmt.Fprintf(&c.body, "<path transform=\"translate(%s %s)\" d=\"%s\" class=\"%s %s\"/>\n", num(p.x), num(p.y), d, class, colour)
	}
	switch s {
	case dot:
		fmt.Fprintf(&c.body, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" class=\"fill %s\"/>\n", num(p.x), num(p.y), num(r), colour)
	case ring:
		fmt.Fprintf(&c.body, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" class=\"line %s\"/>\n", num(p.x), num(p.y), num(r-0.75), colour)
	case cross:
		path("M-3.5-3.5L3.5 3.5M3.5-3.5L-3.5 3.5", "line")
	case up:
		path("M0-5L5 4H-5Z", "fill")
	case down:
		path("M0 5L5-4H-5Z", "fill")
	case diamond:
		path("M0-5.5L5.5 0L0 5.5L-5.5 0Z", "fill")
	case square:
		path("M-4-4H4V4H-4Z", "fill")
	case thinLine:
		path("M-9 0H9", "hair")
	case thickLine:
		path("M-9 0H9", "thick")
	case stepLine:
		path("M-9 4H0V-4H9", "line")
	case dashedLine:
		path("M0-7V7", "dashed")
	case strip:
		path("M-10 0H10", "hair")
		path("M-5-4.5H5V4.5H-5Z", "band")
	}
}

// A key is one entry of a legend.
type key struct {
	shape  shape
	colour string
	label  string
}

// legend lists keys below the drawing, as many a line as there is room for.
func (c *canvas) legend(keys []key) {
	const swatch, gap = 26, 14
	x := margin
	c.y += lead + 2
	for _, k := range keys {
		w := swatch + textWidth(k.label, small) + gap
		if x > margin && x+w-gap > width-margin {
			x, c.y = margin, c.y+lead
		}
		c.mark(place{x + 10, c.y - 4}, k.shape, k.colour)
		c.text(place{x + swatch, c.y}, "small soft", k.label)
		x += w
	}
}
