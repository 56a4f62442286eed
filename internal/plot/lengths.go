package plot

import (
	"fmt"
	"io"
	"strings"
)

// LengthsData is what Lengths draws.
type LengthsData struct {
	Head
	Models []ModelLengths
	Budget float64 // the most tokens an answer might have; 0 if there was no limit
}

// ModelLengths are the lengths of one model's answers.
type ModelLengths struct {
	Name     string
	Outcomes []OutcomeLengths // in the order they are drawn
}

// OutcomeLengths are the lengths of the answers that ended alike.
type OutcomeLengths struct {
	Outcome   string     // correct, incorrect, truncated, no_answer or refused
	Count     int        // answers; no strip is drawn for none
	Quantiles [5]float64 // output tokens at p10, p25, p50, p75 and p90
}

// known tells whether a strip can be drawn: positive and in order.
func (o OutcomeLengths) known() bool {
	low := 0.0
	for _, q := range o.Quantiles {
		if !positive(q) || q < low {
			return false
		}
		low = q
	}
	return o.Count > 0
}

// outcomeKeys give the mark of each outcome; another has the last.
var outcomeKeys = []key{
	{dot, "blue", "correct"},
	{cross, "red", "incorrect"},
	{up, "amber", "truncated"},
	{ring, "grey", "no_answer"},
	{square, "purple", "refused"},
	{diamond, "grey", ""},
}

func outcomeKey(name string) key {
	for _, k := range outcomeKeys {
		if k.label == name {
			return k
		}
	}
	return outcomeKeys[len(outcomeKeys)-1]
}

const stripHeight = 17.0

// Lengths draws, for each model and outcome, the quantiles of the answers'
// lengths on a logarithmic axis of tokens: whether wrong answers are longer, and
// what the budget cut off.
func Lengths(w io.Writer, data LengthsData) error {
	c := newCanvas(data.Head, "Lengths of answers")
	var values []float64
	for _, m := range data.Models {
		for _, o := range m.Outcomes {
			if o.known() {
				values = append(values, o.Quantiles[:]...)
			}
		}
	}
	if len(values) == 0 {
		return c.noData(w)
	}
	axis, ticks, _ := logScale(append(values, data.Budget))
	const outcome, count = 92, 62
	axis.from, axis.to = margin+outcome, width-margin-count
	c.tokens(axis, ticks)
	for _, m := range data.Models {
		c.model(m, axis, ticks, data.Budget)
	}
	c.tokens(axis, ticks)
	keys := []key{{strip, "ink", "p10–p90, box p25–p75, mark at the median"}}
	if positive(data.Budget) {
		keys = append(keys, key{dashedLine, "ink", "budget of " + compact(data.Budget)})
	}
	c.legend(keys)
	return c.finish(w, describeLengths(data.Models))
}

// tokens writes the figures of the axis.
func (c *canvas) tokens(axis scale, ticks []float64) {
	last := 0.0
	for _, t := range ticks {
		label := compact(t)
		x, half := axis.at(t), textWidth(label, small)/2
		if x-half > last {
			c.text(place{x, c.y + 13}, "small soft middle", label)
			last = x + half + 4
		}
	}
	c.text(place{width - margin, c.y + 13}, "small soft end", "answers")
	c.text(place{margin, c.y + 13}, "small soft", "tokens")
	c.y += 16
}

func (c *canvas) model(m ModelLengths, axis scale, ticks []float64, budget float64) {
	var drawn []OutcomeLengths
	for _, o := range m.Outcomes {
		if o.Count > 0 {
			drawn = append(drawn, o)
		}
	}
	c.y += 20
	c.text(place{margin, c.y - 2}, "bold ink", fit(clean(m.Name), plain*bold, width-2*margin))
	c.y += 3
	bottom := c.y + stripHeight*float64(max(len(drawn), 1))
	for _, t := range ticks {
		c.line(place{axis.at(t), c.y}, place{axis.at(t), bottom}, "hair grid")
	}
	if positive(budget) {
		c.line(place{axis.at(budget), c.y}, place{axis.at(budget), bottom}, "dashed ink")
	}
	for _, o := range drawn {
		c.strip(o, axis)
	}
	if len(drawn) == 0 {
		c.text(place{margin, c.y + stripHeight/2 + 4}, "small soft", none)
	}
	c.y = bottom
}

func (c *canvas) strip(o OutcomeLengths, axis scale) {
	middle, k := c.y+stripHeight/2, outcomeKey(o.Outcome)
	c.y += stripHeight
	c.begin(o.describe())
	defer c.end()
	c.text(place{margin, middle + 4}, "small ink", fit(outcomeName(o.Outcome), small, axis.from-margin-6))
	c.text(place{width - margin, middle + 4}, "small soft end", fmt.Sprint(o.Count))
	if !o.known() {
		return
	}
	var x [5]float64
	for i, q := range o.Quantiles {
		x[i] = axis.at(q)
	}
	c.line(place{x[0], middle}, place{x[1], middle}, "line "+k.colour)
	c.line(place{x[3], middle}, place{x[4], middle}, "line "+k.colour)
	c.rect(place{x[1], middle - 5}, place{x[3], middle + 5}, "band "+k.colour)
	c.mark(place{x[2], middle}, k.shape, k.colour)
}

// outcomeName is an outcome in a reader's words.
func outcomeName(s string) string { return strings.ReplaceAll(clean(s), "_", " ") }

func (o OutcomeLengths) describe() string {
	s := fmt.Sprintf("%s: %d", outcomeName(o.Outcome), o.Count)
	if !o.known() {
		return s
	}
	q := o.Quantiles
	return s + fmt.Sprintf(", median %s tokens, p10 to p90 %s to %s", compact(q[2]), compact(q[0]), compact(q[4]))
}

func describeLengths(models []ModelLengths) string {
	var parts []string
	for _, m := range models {
		parts = append(parts, clean(m.Name)+".")
		for _, o := range m.Outcomes {
			if o.Count > 0 {
				parts = append(parts, o.describe()+".")
			}
		}
	}
	return strings.Join(parts, " ")
}
