package plot

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// TrendData is what Trend draws.
type TrendData struct {
	Head
	Series []Series // drawn one below the other, over the same days
}

// A Series is the nightly scores of one model at one benchmark, oldest first.
type Series struct {
	Name   string
	Nights []Night
}

// A Night is one run: a share in [0, 1], or NaN where there is no score.
type Night struct {
	Date     time.Time // shown as a day of UTC
	Score    float64
	Interval Span // at 95%
	Status   Status
}

// A Status is what the gate said of a night.
type Status string

// The statuses; another is drawn as OK.
const (
	OK             Status = "ok"
	Regression     Status = "regression"
	Infrastructure Status = "infrastructure" // the run failed, the model did not
	Changed        Status = "changed"        // not comparable: other problems or settings
)

var statusKeys = map[Status]key{
	OK:             {dot, "blue", "ok"},
	Regression:     {down, "red", "regression"},
	Infrastructure: {cross, "grey", "infrastructure failed"},
	Changed:        {diamond, "purple", "not comparable"},
}

// key gives the mark of a status.
func (s Status) key() key {
	if k, ok := statusKeys[s]; ok {
		return k
	}
	return statusKeys[OK]
}

// Trend draws each series by date: the scores with the band of their intervals,
// each night marked by its status, and a line at the first regression. Where a
// night has no score, and is marked at the foot, or its infrastructure failed, the
// line breaks. Where the nights are too many for a mark each, those that are OK
// have none.
func Trend(w io.Writer, data TrendData) error {
	c := newCanvas(data.Head, "Scores by date")
	days, ok := dayScale(data.Series)
	if !ok {
		return c.noData(w)
	}
	days.from, days.to = margin+40, width-margin-8
	for _, s := range data.Series {
		if len(s.Nights) > 0 {
			newTrend(c, s, days).draw()
		}
	}
	c.days(days)
	c.legend(trendKeys(data.Series))
	return c.finish(w, describeTrend(data.Series))
}

// day is a date as a number of days.
func day(t time.Time) float64 { return math.Floor(float64(t.Unix()) / 86400) }

func dayScale(series []Series) (scale, bool) {
	first, last := math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, n := range s.Nights {
			first, last = min(first, day(n.Date)), max(last, day(n.Date))
		}
	}
	if first > last {
		return scale{}, false
	}
	if first == last {
		first, last = first-1, last+1
	}
	return scale{low: first, high: last}, true
}

// days writes the dates below the last series: the last day, and others at
// equal steps before it.
func (c *canvas) days(days scale) {
	const room = 118
	step := math.Ceil((days.high - days.low) * room / (days.to - days.from))
	for d := days.high; d >= days.low; d -= step {
		x := days.at(d)
		class, half := "small soft middle", textWidth("2000-01-01", small)/2
		if x+half > width-margin {
			class, x = "small soft end", width-margin
		} else if x-half < 0 {
			break
		}
		c.text(place{x, c.y + 14}, class, time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly))
	}
	c.y += 18
}

// A trend is one series while it is drawn.
type trend struct {
	*canvas
	series Series
	days   scale
	y      scale
	ticks  []float64
}

func newTrend(c *canvas, s Series, days scale) *trend {
	const height = 92
	var ends []float64
	for i, n := range s.Nights {
		if !share(n.Score) {
			continue
		}
		ends = append(ends, n.Score)
		if s.Nights[i].Interval.known() {
			clipped := n.Interval.clipped()
			ends = append(ends, clipped.Low, clipped.High)
		}
	}
	t := &trend{canvas: c, series: s, days: days}
	t.y, t.ticks = percentScale(ends, 0.1)
	c.y += 20
	t.heading()
	t.y.from, t.y.to = c.y+11+height, c.y+11
	c.y += 11 + height + 8
	return t
}

// heading writes the name and, at the right, since when it regresses.
func (t *trend) heading() {
	room := width - 2*margin
	if n, ok := t.firstRegression(); ok {
		since := "▼ since " + n.Date.UTC().Format(time.DateOnly)
		room -= textWidth(since, small) + 12
		t.text(place{width - margin, t.canvas.y}, "small end red", since)
	}
	t.text(place{margin, t.canvas.y}, "bold ink", fit(clean(t.series.Name), plain*bold, room))
}

func (t *trend) firstRegression() (Night, bool) {
	for _, n := range t.series.Nights {
		if n.Status == Regression {
			return n, true
		}
	}
	return Night{}, false
}

func (t *trend) draw() {
	for i, tick := range t.ticks {
		y := t.y.at(tick)
		t.line(place{t.days.from - 4, y}, place{t.days.to + 6, y}, "hair grid")
		if (len(t.ticks)-1-i)%2 == 0 {
			t.text(place{t.days.from - 9, y + 4}, "small soft end", fmt.Sprintf("%.0f%%", 100*tick))
		}
	}
	for _, run := range t.runs() {
		t.band(run)
	}
	if n, ok := t.firstRegression(); ok {
		x := t.days.at(day(n.Date))
		t.line(place{x, t.y.to - 4}, place{x, t.y.from}, "dashed red")
	}
	for _, run := range t.runs() {
		var line []place
		for _, n := range run {
			line = append(line, t.at(n))
		}
		t.polyline(line, "hair blue")
	}
	crowded := float64(len(t.series.Nights))*2*radius > t.days.to-t.days.from
	for _, n := range t.series.Nights {
		k := n.Status.key()
		if crowded && k.shape == dot {
			continue
		}
		t.begin(n.describe())
		t.mark(t.at(n), k.shape, k.colour)
		t.end()
	}
}

// at is the place of a night's mark.
func (t *trend) at(n Night) place {
	p := place{t.days.at(day(n.Date)), t.y.from}
	if share(n.Score) {
		p.y = t.y.at(n.Score)
	}
	return p
}

// runs parts the series into stretches of nights whose score tells of the model.
func (t *trend) runs() [][]Night {
	var runs [][]Night
	var run []Night
	for _, n := range append(t.series.Nights[:len(t.series.Nights):len(t.series.Nights)], Night{Score: math.NaN()}) {
		switch {
		case share(n.Score) && n.Status != Infrastructure:
			run = append(run, n)
		case len(run) > 0:
			runs, run = append(runs, run), nil
		}
	}
	return runs
}

// band draws the intervals of a run as one area; a night whose interval is not
// known narrows it to its score.
func (t *trend) band(run []Night) {
	var upper, lower []place
	for _, n := range run {
		i := Span{n.Score, n.Score}
		if n.Interval.known() {
			i = n.Interval
		}
		x := t.days.at(day(n.Date))
		upper = append(upper, place{x, t.y.at(i.High)})
		lower = append([]place{{x, t.y.at(i.Low)}}, lower...)
	}
	t.polyline(append(upper, lower...), "band blue")
}

func (n Night) describe() string {
	s := n.Date.UTC().Format(time.DateOnly)
	if share(n.Score) {
		s += fmt.Sprintf(": %s%%", percent(n.Score))
	} else {
		s += ": no score"
	}
	if i := n.Interval.clipped(); i.known() {
		s += fmt.Sprintf(" (%s to %s)", percent(i.Low), percent(i.High))
	}
	if n.Status != "" && n.Status != OK {
		s += ", " + n.Status.key().label
	}
	return s
}

func trendKeys(series []Series) []key {
	seen := map[Status]bool{}
	band := false
	for _, s := range series {
		for _, n := range s.Nights {
			seen[n.Status] = true
			band = band || n.Interval.known()
		}
	}
	var keys []key
	for _, s := range []Status{OK, Regression, Infrastructure, Changed} {
		if seen[s] {
			keys = append(keys, s.key())
		}
	}
	if seen[Regression] {
		keys = append(keys, key{dashedLine, "red", "first regression"})
	}
	if band {
		keys = append(keys, key{strip, "blue", "95% interval"})
	}
	return keys
}

// describeTrend tells of each series its ends and what was not ok.
func describeTrend(series []Series) string {
	var parts []string
	for _, s := range series {
		parts = append(parts, fmt.Sprintf("%s, %d nights.", clean(s.Name), len(s.Nights)))
		for i, n := range s.Nights {
			if i == 0 || i == len(s.Nights)-1 || n.Status != "" && n.Status != OK {
				parts = append(parts, n.describe()+".")
			}
		}
	}
	return strings.Join(parts, " ")
}
