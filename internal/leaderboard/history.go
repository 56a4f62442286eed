package leaderboard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/evalr/evalr/internal/stats"
)

// A History is the scores of each model and benchmark over the nights.
type History struct {
	Nights []NightResult `json:"nights"`
	Series []Series      `json:"series"`
}

// A NightResult is a night in a word.
type NightResult struct {
	Label    string   `json:"label"`
	Run      string   `json:"run"`
	Date     string   `json:"date,omitempty"` // RFC 3339
	Decision Decision `json:"decision"`
	Accepted bool     `json:"accepted,omitempty"`
	Reasons  []string `json:"reasons,omitempty"`
}

// A Series is one model at one benchmark.
type Series struct {
	Model     string  `json:"model"`
	Benchmark string  `json:"benchmark"`
	Points    []Point `json:"points"`
	// FirstRegression is the night from which on it has been worse without a
	// break up to the newest; empty if the newest is not a regression, or accepted.
	FirstRegression string `json:"first_regression,omitempty"`
	// Regressions are all nights that were worse.
	Regressions []string `json:"regressions,omitempty"`
}

// A Point is a series at one night. The interval is of the same problems asked
// again, because that is what nights differ by; unknown with one trial a problem.
type Point struct {
	Label    string   `json:"label"`
	Decision Decision `json:"decision"`
	Score    *float64 `json:"score"`
	Low      *float64 `json:"rerun_low,omitempty"`
	High     *float64 `json:"rerun_high,omitempty"`
	Errors   float64  `json:"errors"` // share of the attempts
	Accepted bool     `json:"accepted,omitempty"`

	when     time.Time
	doubtful bool
}

// BuildHistory reads nights, which are in order, and judges those of which nothing
// was said by the nights before them. A night that cannot be read is a broken one.
func BuildHistory(nights []Night, o GateOptions) (History, error) {
	h := History{Nights: []NightResult{}, Series: []Series{}}
	series := map[[2]string]*Series{}
	var keys [][2]string
	for i := range nights {
		n := &nights[i]
		if err := settleNight(nights, i, o); err != nil {
			return h, err
		}
		if err := n.hold(); err != nil {
			n.Gate = unreadable(n.Source, err)
		}
		h.Nights = append(h.Nights, n.result())
		for _, sh := range n.sheets {
			key := [2]string{sh.benchmark, sh.model}
			if series[key] == nil {
				series[key] = &Series{Model: sh.model, Benchmark: sh.benchmark}
				keys = append(keys, key)
			}
			series[key].Points = append(series[key].Points, n.point(sh))
		}
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, key := range keys {
		series[key].find()
		h.Series = append(h.Series, *series[key])
	}
	return h, nil
}

func (n Night) result() NightResult {
	r := NightResult{Label: n.Label, Run: n.Name, Decision: n.Gate.Decision, Accepted: n.Accepted, Reasons: n.Gate.Reasons}
	if day := n.When(); !day.IsZero() {
		r.Date = day.UTC().Format(time.RFC3339)
	}
	return r
}

// point is a sheet as a point of its series. What the gate said of this cell
// counts; what it said of the run as a whole counts where that was broken.
func (n Night) point(sh *sheet) Point {
	p := Point{Label: n.Label, Decision: n.Gate.Decision, Accepted: n.Accepted, Errors: errorShare(sh.outcomes), when: n.When()}
	for _, c := range n.Gate.Cells {
		if c.Model == sh.model && c.Benchmark == sh.benchmark && n.Gate.Decision != Infrastructure {
			p.Decision, p.doubtful = c.Decision, c.doubtful(n.Gate.MaxDrop)
		}
	}
	units := sh.units()
	if len(units) == 0 {
		return p
	}
	total := 0.0
	for _, u := range units {
		total += u.Mean
	}
	p.Score = known(total / float64(len(units)))
	if again, ok := stats.Rerun(units, confidence); ok {
		p.Low, p.High = &again.Low, &again.High
	}
	return p
}

// find sets the regressions of a series.
func (s *Series) find() {
	for _, p := range s.Points {
		switch {
		case p.Decision == Regression:
			s.Regressions = append(s.Regressions, p.Label)
			if s.FirstRegression == "" {
				s.FirstRegression = p.Label
			}
			if p.Accepted {
				s.FirstRegression = ""
			}
		case p.Decision == Infrastructure: // says nothing of the model
		case p.doubtful && !p.Accepted: // has not recovered
		default:
			s.FirstRegression = ""
		}
	}
}

// scores are the series' scores in percent for a sparkline; broken nights are
// gaps.
func (s Series) scores() []float64 {
	var out []float64
	for _, p := range s.Points {
		out = append(out, p.value())
	}
	return out
}

// worstFirst orders series for a reader in a hurry: those that are worse now, then
// those that were, then by name.
func (h History) worstFirst() []Series {
	out := slices.Clone(h.Series)
	rank := func(s Series) int {
		switch {
		case s.FirstRegression != "":
			return 0
		case len(s.Regressions) > 0:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b Series) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

// said tells in a few words how a series stands.
func (s Series) said() string {
	switch {
	case s.FirstRegression != "":
		return "worse since " + s.FirstRegression
	case len(s.Regressions) > 0:
		return "was worse: " + strings.Join(s.Regressions, ", ")
	}
	return "no regression"
}
