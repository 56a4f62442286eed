package plot

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// ScoresData is what Scores draws.
type ScoresData struct {
	Head
	Panels []ScorePanel // one a benchmark, on one common axis
}

// A ScorePanel is a part of the chart under its own name, which may be empty.
type ScorePanel struct {
	Name string
	Rows []ScoreRow // in the order they are drawn, the best first
}

// A ScoreRow is one model's score, a share in [0, 1]; NaN, and what lies outside,
// is shown as "–". The intervals are at 95%.
type ScoreRow struct {
	Name     string
	Marks    string // such as "‡"; what they mean belongs to the Notes
	Score    float64
	Interval Span // were new problems drawn
	Rerun    Span // were the same problems run again; often unknown
	Best     bool // not significantly worse than the best
}

const rowHeight = 22.0

// Scores draws one row a model: a dot with its two intervals, one within the
// other, on an axis in percent, and the same in figures at the right.
func Scores(w io.Writer, data ScoresData) error {
	c := newCanvas(data.Head, "Scores")
	var rows []ScoreRow
	panels := clip(data.Panels)
	for _, p := range panels {
		rows = append(rows, p.Rows...)
	}
	if len(rows) == 0 {
		return c.noData(w)
	}
	figures := figuresOf(rows)
	names, values, ends := 0.0, 0.0, []float64{}
	for _, r := range rows {
		names = max(names, textWidth(r.label(1e9), plain*1.05))
		values = max(values, textWidth(figures(r), small*1.05))
		ends = append(ends, r.ends()...)
	}
	names = min(names, 178)
	axis, ticks := percentScale(ends, 0.1)
	axis.from, axis.to = margin+names+16, width-margin-values-14
	ticks = thin(ticks, axis)
	for _, p := range panels {
		if len(p.Rows) == 0 {
			continue
		}
		if p.Name != "" {
			c.y += 20
			c.text(place{margin, c.y}, "bold ink", fit(clean(p.Name), plain*1.05, width-2*margin))
			c.y += 5
		}
		c.percentAxis(axis, ticks, rowHeight*float64(len(p.Rows)))
		for _, r := range p.Rows {
			c.score(r, axis, figures(r))
		}
		c.y += 20 // the axis's figures
	}
	c.legend(scoreKeys(rows))
	return c.finish(w, describeScores(panels))
}

// clip copies the panels with their intervals kept within [0, 1].
func clip(panels []ScorePanel) []ScorePanel {
	panels = slices.Clone(panels)
	for i, p := range panels {
		panels[i].Rows = slices.Clone(p.Rows)
		for j, r := range p.Rows {
			panels[i].Rows[j].Interval, panels[i].Rows[j].Rerun = r.Interval.clipped(), r.Rerun.clipped()
		}
	}
	return panels
}

// thin leaves every second tick out while their figures would touch.
func thin(ticks []float64, axis scale) []float64 {
	const figure = 40
	for len(ticks) > 2 && axis.at(ticks[1])-axis.at(ticks[0]) < figure {
		var fewer []float64
		for i := (len(ticks) - 1) % 2; i < len(ticks); i += 2 {
			fewer = append(fewer, ticks[i])
		}
		ticks = fewer
	}
	return ticks
}

// percentAxis draws the lines of a horizontal axis over the next height units,
// and its figures below them.
func (c *canvas) percentAxis(axis scale, ticks []float64, height float64) {
	for _, t := range ticks {
		x := axis.at(t)
		c.line(place{x, c.y}, place{x, c.y + height}, "hair grid")
		c.text(place{x, c.y + height + 13}, "small soft middle", fmt.Sprintf("%.0f%%", 100*t))
	}
}

// score draws one row. The intervals stop at the mark, so that an open one
// stays open on any ground.
func (c *canvas) score(r ScoreRow, axis scale, figures string) {
	middle := c.y + rowHeight/2
	c.y += rowHeight
	class, colour, form := "ink", "grey", ring
	if r.Best {
		class, colour, form = "bold ink", "blue", dot
	}
	c.begin(r.describe())
	defer c.end()
	c.text(place{margin, middle + 4.5}, class, r.label(axis.from-16-margin))
	c.text(place{width - margin, middle + 4.5}, "small end "+class, figures)
	if !share(r.Score) {
		return
	}
	x := axis.at(r.Score)
	for _, i := range []struct {
		Span
		class string
	}{{r.Interval, "line "}, {r.Rerun, "thick "}} {
		if !i.known() {
			continue
		}
		if low := axis.at(i.Low); low < x-radius {
			c.line(place{low, middle}, place{x - radius, middle}, i.class+colour)
		}
		if high := axis.at(i.High); high > x+radius {
			c.line(place{x + radius, middle}, place{high, middle}, i.class+colour)
		}
	}
	c.mark(place{x, middle}, form, colour)
}

// label is the name with its marks, which are never cut off.
func (r ScoreRow) label(room float64) string {
	marks := ""
	if r.Marks != "" {
		marks = " " + fit(clean(r.Marks), plain, 50)
	}
	return fit(clean(r.Name), plain*1.05, room-textWidth(marks, plain*1.05)) + marks
}

func (r ScoreRow) ends() []float64 {
	if !share(r.Score) {
		return nil
	}
	ends := []float64{r.Score}
	for _, i := range []Span{r.Interval, r.Rerun} {
		if i.known() {
			ends = append(ends, i.Low, i.High)
		}
	}
	return ends
}

// figuresOf tells how the scores of one chart are written: all as 80.0 ±14.1 if
// every interval is symmetric, else all as 80.0 [62.7, 90.5].
func figuresOf(rows []ScoreRow) func(ScoreRow) string {
	symmetric := true
	for _, r := range rows {
		if share(r.Score) && r.Interval.known() {
			symmetric = symmetric && math.Abs(r.Interval.High-2*r.Score+r.Interval.Low) < 0.001
		}
	}
	return func(r ScoreRow) string {
		switch i := r.Interval; {
		case !share(r.Score):
			return none
		case !i.known():
			return percent(r.Score)
		case symmetric:
			return fmt.Sprintf("%s ±%s", percent(r.Score), percent((i.High-i.Low)/2))
		default:
			return fmt.Sprintf("%s [%s, %s]", percent(r.Score), percent(i.Low), percent(i.High))
		}
	}
}

func (r ScoreRow) describe() string {
	if !share(r.Score) {
		return clean(r.Name) + ": no score"
	}
	s := fmt.Sprintf("%s: %s%%", clean(r.Name+" "+r.Marks), percent(r.Score))
	if r.Interval.known() {
		s += fmt.Sprintf(", interval %s to %s", percent(r.Interval.Low), percent(r.Interval.High))
	}
	if r.Rerun.known() {
		s += fmt.Sprintf(", on a rerun %s to %s", percent(r.Rerun.Low), percent(r.Rerun.High))
	}
	if r.Best {
		s += ", not significantly worse than the best"
	}
	return s
}

func describeScores(panels []ScorePanel) string {
	var parts []string
	for _, p := range panels {
		if p.Name != "" && len(p.Rows) > 0 {
			parts = append(parts, clean(p.Name)+".")
		}
		for _, r := range p.Rows {
			parts = append(parts, r.describe()+".")
		}
	}
	return strings.Join(parts, " ")
}

func scoreKeys(rows []ScoreRow) []key {
	var best, others, interval, rerun bool
	for _, r := range rows {
		if share(r.Score) {
			best, others = best || r.Best, others || !r.Best
			interval, rerun = interval || r.Interval.known(), rerun || r.Rerun.known()
		}
	}
	var keys []key
	if best {
		keys = append(keys, key{dot, "blue", "not significantly worse than the best"})
	}
	if best && others {
		keys = append(keys, key{ring, "grey", "worse"})
	}
	if interval {
		keys = append(keys, key{thinLine, "ink", "95% interval over new problems"})
	}
	if rerun {
		keys = append(keys, key{thickLine, "ink", "over reruns of the same problems"})
	}
	return keys
}
