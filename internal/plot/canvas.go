package plot

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// All lengths are units of the drawing.
const (
	width  = 480.0 // of every chart
	pixels = 1.25  // a unit, where there is room
	margin = 8.0
	small  = 12.0 // letters
	plain  = 13.0
	large  = 15.0
	bold   = 1.13 // as wide as letters that are not
	lead   = 17.0 // from line to line
)

// A place is a point of the drawing; y grows downwards.
type place struct{ x, y float64 }

// A canvas gathers the elements of a chart from top to bottom.
type canvas struct {
	head  Head
	body  strings.Builder
	y     float64 // the bottom of what is drawn
	label string  // the title for a screen reader
}

// blank is a canvas with nothing on it.
func blank(h Head, fallback string) *canvas {
	if h.Title == "" {
		h.Title = fallback
	}
	if h.Theme != Light && h.Theme != Dark {
		h.Theme = Auto
	}
	return &canvas{head: h, label: clean(h.Title)}
}

// newCanvas begins a chart with its title.
func newCanvas(h Head, fallback string) *canvas {
	c := blank(h, fallback)
	c.y = 4
	for _, l := range wrap(c.label, large*bold, width-2*margin) {
		c.y += 18
		c.text(place{margin, c.y}, "title ink", l)
	}
	if h.Subtitle != "" {
		c.paragraph(clean(h.Subtitle))
	}
	c.y += 8
	return c
}

func (c *canvas) paragraph(s string) {
	for _, l := range wrap(s, small, width-2*margin) {
		c.y += lead
		c.text(place{margin, c.y}, "small soft", l)
	}
}

// noData is the whole chart where nothing can be drawn.
func (c *canvas) noData(w io.Writer) error {
	c.y += 24
	c.text(place{width / 2, c.y}, "middle soft", "no data")
	return c.finish(w, "no data")
}

// finish adds the notes and writes the chart.
func (c *canvas) finish(w io.Writer, desc string) error {
	for _, n := range c.head.Notes {
		c.paragraph(clean(n))
	}
	return c.write(w, desc, place{width, c.y + 10})
}

// write writes what is drawn, from the origin to the corner; beside the title,
// desc is all that a screen reader can tell of it.
func (c *canvas) write(w io.Writer, desc string, corner place) error {
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" class="evalr-plot evalr-%s" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-label="%s">
<title>%s</title>
<desc>%s</desc>
<style>
%s</style>
%s</svg>
`, c.head.Theme, num(corner.x*pixels), num(corner.y*pixels), num(corner.x), num(corner.y),
		escape(c.label), escape(c.label), escape(desc), style(c.head.Theme), c.body.String())
	return err
}

// num writes a length to a tenth of a unit.
func num(x float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

func (c *canvas) text(p place, class, s string) {
	fmt.Fprintf(&c.body, "<text x=\"%s\" y=\"%s\" class=\"%s\">%s</text>\n", num(p.x), num(p.y), class, escape(s))
}

func (c *canvas) line(from, to place, class string) {
	fmt.Fprintf(&c.body, "<path d=\"M%s %sL%s %s\" class=\"%s\"/>\n", num(from.x), num(from.y), num(to.x), num(to.y), class)
}

func (c *canvas) rect(from, to place, class string) {
	fmt.Fprintf(&c.body, "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"%s\"/>\n",
		num(from.x), num(from.y), num(to.x-from.x), num(to.y-from.y), class)
}

// polyline joins points, if there are any, and makes a dash of one alone. Class
// "band" makes an area of them.
func (c *canvas) polyline(points []place, class string) {
	switch len(points) {
	case 0:
		return
	case 1:
		p := points[0]
		points = []place{{p.x - 1, p.y}, {p.x + 1, p.y}}
	}
	var steps []string
	for _, p := range points {
		steps = append(steps, num(p.x)+" "+num(p.y))
	}
	fmt.Fprintf(&c.body, "<path d=\"M%s\" class=\"%s\"/>\n", strings.Join(steps, "L"), class)
}

// begin opens a group that a pointer resting on it is told about.
func (c *canvas) begin(title string) {
	fmt.Fprintf(&c.body, "<g><title>%s</title>\n", escape(title))
}

func (c *canvas) end() { c.body.WriteString("</g>\n") }
