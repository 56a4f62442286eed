package leaderboard

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/evalr/evalr/internal/plot"
)

// value is the score for a chart; NaN where there is none to be believed.
func (p Point) value() float64 {
	if p.Score == nil || p.Decision == Infrastructure {
		return math.NaN()
	}
	return *p.Score
}

// sparkNights is how many of the newest nights a sparkline shows.
const sparkNights = 30

// HistoryText writes the history for a terminal.
func HistoryText(w io.Writer, h History) error {
	if len(h.Nights) == 0 {
		_, err := fmt.Fprintln(w, "no runs are recorded yet")
		return err
	}
	if err := textTable(w, h.table()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s", h.nights(plain))
	return err
}

// HistoryMarkdown writes the history for a page.
func HistoryMarkdown(w io.Writer, h History) error {
	if len(h.Nights) == 0 {
		_, err := fmt.Fprintln(w, "no runs are recorded yet")
		return err
	}
	_, err := fmt.Fprintf(w, "%s\n%s", markdownTable(h.table()), h.nights(markdownCell))
	return err
}

// HistoryJSON writes the history for other programs; scores are in [0, 1].
func HistoryJSON(w io.Writer, h History) error {
	return indented(w, h)
}

func (h History) table() table {
	t := table{head: []head{{"model", true}, {"benchmark", true}, {"nights", false}, {"trend", true}, {"lowest", false}, {"highest", false}, {"newest", false}, {"", true}}}
	for _, s := range h.worstFirst() {
		values := s.scores()
		values = values[max(0, len(values)-sparkNights):]
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range values {
			if !math.IsNaN(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
		if low > high {
			low, high = 0, 1
		}
		newest := none
		if last := s.Points[len(s.Points)-1]; !math.IsNaN(last.value()) {
			newest = fmt.Sprintf("%.1f", 100**last.Score)
			if last.Low != nil {
				newest += fmt.Sprintf(" ±%.1f", 50*(*last.High-*last.Low))
			}
		}
		var row []cell
		// The scale is the series' own, and said in the columns beside.
		for _, text := range []string{s.Model, s.Benchmark, fmt.Sprint(len(s.Points)), plot.Sparkline(values, low, high),
			fmt.Sprintf("%.1f", 100*low), fmt.Sprintf("%.1f", 100*high), newest, s.said()} {
			row = append(row, cell{text: text, strong: false})
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// nights lists the nights that alarmed, broke or changed, and counts those that
// could not have shown every drop.
func (h History) nights(clean func(string) string) string {
	var b strings.Builder
	doubtful := 0
	for _, n := range h.Nights {
		switch n.Decision {
		case Inconclusive:
			doubtful++
			continue
		case Pass, First:
			continue
		}
		line := fmt.Sprintf("%s: %s", n.Label, n.Decision)
		if n.Accepted {
			line += ", accepted as the new level"
		}
		if len(n.Reasons) > 0 {
			line += ": " + n.Reasons[0]
		}
		fmt.Fprintf(&b, "- %s\n", clean(line))
	}
	if doubtful > 0 {
		fmt.Fprintf(&b, "- %d of %d nights could not have shown every drop: more trials or problems would\n", doubtful, len(h.Nights))
	}
	return b.String()
}

// HistorySVG draws the history.
func HistorySVG(w io.Writer, h History) error {
	d := plot.TrendData{Head: plot.Head{Title: "Scores by night", Subtitle: "with the interval for the same problems asked again"}}
	for _, s := range h.worstFirst() {
		series := plot.Series{Name: s.Model + " at " + s.Benchmark}
		for _, p := range s.Points {
			night := plot.Night{Date: p.when, Score: math.NaN(), Status: status(p.Decision)}
			if p.Score != nil {
				night.Score = *p.Score
			}
			if p.Low != nil {
				night.Interval = plot.Span{Low: *p.Low, High: *p.High}
			}
			series.Nights = append(series.Nights, night)
		}
		d.Series = append(d.Series, series)
	}
	return plot.Trend(w, d)
}

func status(d Decision) plot.Status {
	switch d {
	case Regression:
		return plot.Regression
	case Infrastructure:
		return plot.Infrastructure
	case Refused:
		return plot.Changed
	}
	return plot.OK
}

// Badge writes the shields.io endpoint JSON of the newest night.
func Badge(w io.Writer, h History) error {
	b := struct {
		Schema  int    `json:"schemaVersion"`
		Label   string `json:"label"`
		Message string `json:"message"`
		Color   string `json:"color"`
	}{1, "evalr", "no runs", "lightgrey"}
	if len(h.Nights) > 0 {
		last := h.Nights[len(h.Nights)-1]
		b.Message, b.Color = badgeOf(last)
		if len(h.Series) == 1 {
			p := h.Series[0].Points[len(h.Series[0].Points)-1]
			if v := p.value(); p.Label == last.Label && !math.IsNaN(v) {
				b.Message = fmt.Sprintf("%.1f%% (%s)", 100*v, b.Message)
			}
		}
	}
	return json.NewEncoder(w).Encode(b)
}

func badgeOf(n NightResult) (message, color string) {
	switch n.Decision {
	case Pass:
		return "passing", "brightgreen"
	case First:
		return "first night", "blue"
	case Inconclusive:
		return "inconclusive", "yellow"
	case Regression:
		if n.Accepted {
			return "new level", "blue"
		}
		return "regression", "red"
	case Refused:
		return "changed", "blue"
	}
	return "infrastructure", "lightgrey"
}
