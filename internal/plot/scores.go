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

const rowHeight = 38.0

// Scores draws one row a model: its name and, in figures and below as a dot with
// two intervals, one within the other, its score on an axis in percent. The axis
// has the whole width, so that a narrow screen shows names and intervals both.
func Scores(w io.Writer, data ScoresData) error {
	c := newCanvas(data.Head, "Scores")
	panels := clip(data.Panels)
	var rows []ScoreRow
	for _, p := range panels {
		rows = append(rows, p.Rows...)
	}
	if len(rows) == 0 {
		return c.noData(w)
	}
	var ends []float64
	for _, r := range rows {
		ends = append(ends, r.ends()...)
	}
	axis, ticks := percentScale(ends, 0.1)
	axis.from, axis.to = margin+8, width-margin-16
	figures := figuresOf(rows)
	for _, p := range panels {
		if len(p.Rows) == 0 {
			continue
		}
		if p.Name != "" {
			c.y += 24
			c.text(place{margin, c.y}, "title ink", fit(clean(p.Name), large*bold, width-2*margin))
			c.y += 7
		}
		for _, r := range p.Rows {
			c.score(r, axis, ticks, figures(r))
		}
		for _, t := range ticks {
			c.text(place{axis.at(t), c.y + 12}, "small soft middle", fmt.Sprintf("%.0f%%", 100*t))
		}
		c.y += 20
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

// score draws one row.
func (c *canvas) score(r ScoreRow, axis scale, ticks []float64, figures string) {
	baseline, track := c.y+16, c.y+27
	c.y += rowHeight
	class, wide := "ink", 1.0
	if r.Best {
		class, wide = "bold ink", bold
	}
	c.begin(r.describe())
	defer c.end()
	c.text(place{margin, baseline}, class, r.label(wide*plain, width-2*margin-textWidth(figures, plain*wide)-14))
	c.text(place{width - margin, baseline}, "end "+class, figures)
	for _, t := range ticks {
		c.line(place{axis.at(t), track - 6}, place{axis.at(t), track + 6}, "hair grid")
	}
	c.line(place{axis.from, track}, place{axis.to, track}, "hair grid")
	if share(r.Score) {
		c.intervals(r, axis, track)
	}
}

// intervals draws a score that is known. The lines stop at the mark, so that an
// open one stays open on any ground.
func (c *canvas) intervals(r ScoreRow, axis scale, y float64) {
	colour, form := "grey", ring
	if r.Best {
		colour, form = "blue", dot
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
			c.line(place{low, y}, place{x - radius, y}, i.class+colour)
		}
		if high := axis.at(i.High); high > x+radius {
			c.line(place{x + radius, y}, place{high, y}, i.class+colour)
		}
	}
	c.mark(place{x, y}, form, colour)
}

// label is the name with its marks, which are not cut off, in letters of a size.
func (r ScoreRow) label(size, room float64) string {
	marks := ""
	if r.Marks != "" {
		marks = " " + fit(clean(r.Marks), size, 50)
	}
	return fit(clean(r.Name), size, room-textWidth(marks, size)) + marks
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
		keys = append(keys, key{ring, "grey", "significantly worse"})
	}
	if interval {
		keys = append(keys, key{thinLine, "ink", "95% interval over new problems"})
	}
	if rerun {
		keys = append(keys, key{thickLine, "ink", "over reruns of the same problems"})
	}
	return keys
}
