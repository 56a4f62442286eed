package leaderboard

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/plot"
	"github.com/evalr/evalr/internal/stats"
)

// plots are the charts of a board, by name.
var plots = map[string]func(io.Writer, Board) error{
	"scores":   plotScores,
	"tradeoff": plotTokens,
	"cost":     plotCost,
	"lengths":  plotLengths,
}

// PlotNames lists the charts that SVG draws.
func PlotNames() []string { return []string{"scores", "tradeoff", "cost", "lengths"} }

// SVG draws the chart that Layout.Plot names: the scores, the scores over what an
// answer costs in tokens or in money, or the lengths of answers by outcome.
func SVG(w io.Writer, b Board, l Layout) error {
	draw, ok := plots[cmp.Or(l.Plot, "scores")]
	if !ok {
		hint := ""
		if near := eval.Nearest(l.Plot, PlotNames()); len(near) > 0 {
			hint = ": did you mean " + strings.Join(near, " or ") + "?"
		}
		return fmt.Errorf("there is no plot %q%s (there are %s)", l.Plot, hint, strings.Join(PlotNames(), ", "))
	}
	return draw(w, b)
}

func plotScores(w io.Writer, b Board) error {
	data := plot.ScoresData{Head: plot.Head{Title: "Scores", Subtitle: "percent of problems, with 95% intervals", Notes: b.marks()}}
	for _, rows := range apart(b.Rows) {
		panel := plot.ScorePanel{Name: rows[0].Benchmark}
		for _, r := range rows {
			row := plot.ScoreRow{Name: r.Model, Marks: r.Marks(), Score: -1, Interval: span(r.CILow, r.CIHigh), Rerun: span(r.RerunLow, r.RerunHigh)}
			if r.Score != nil {
				row.Score = *r.Score
			}
			row.Best = r.top(rows)
			panel.Rows = append(panel.Rows, row)
		}
		data.Panels = append(data.Panels, panel)
	}
	return plot.Scores(w, data)
}

func span(low, high *float64) plot.Span {
	if low == nil || high == nil {
		return plot.Span{}
	}
	return plot.Span{Low: *low, High: *high}
}

func plotTokens(w io.Writer, b Board) error {
	return b.plotTradeoff(w, plot.TradeoffData{Head: plot.Head{Title: "Score and length of answers"}, Price: plot.Tokens},
		func(r Row) *float64 { return r.MeanOutputTokens })
}

func plotCost(w io.Writer, b Board) error {
	return b.plotTradeoff(w, plot.TradeoffData{Head: plot.Head{Title: "Score and cost of answers"}, Price: plot.Dollars},
		func(r Row) *float64 {
			if r.Cost == nil {
				return nil
			}
			return ratio(r.Cost.Total, float64(r.Cost.Known))
		})
}

// plotTradeoff draws one benchmark, or the means over all for the models that
// have all, over the price of an answer.
func (b Board) plotTradeoff(w io.Writer, data plot.TradeoffData, price func(Row) *float64) error {
	byModel := map[string][]Row{}
	var models, benchmarks []string
	for _, r := range b.Rows {
		if r.ThirdParty != nil {
			continue
		}
		if byModel[r.Model] == nil {
			models = append(models, r.Model)
		}
		if !slices.Contains(benchmarks, r.Benchmark) {
			benchmarks = append(benchmarks, r.Benchmark)
		}
		byModel[r.Model] = append(byModel[r.Model], r)
	}
	data.Subtitle = strings.Join(benchmarks, ", ")
	lacking := 0
	for _, m := range models {
		if len(byModel[m]) < len(benchmarks) {
			lacking++
			continue
		}
		data.Points = append(data.Points, point(m, byModel[m], price))
	}
	if len(benchmarks) > 1 {
		data.Notes = append(data.Notes, "means of the benchmarks, each counting the same")
	}
	if lacking > 0 {
		data.Notes = append(data.Notes, fmt.Sprintf("left out, lacking a benchmark: %d of %d models", lacking, len(models)))
	}
	return plot.Tradeoff(w, data)
}

// point is a model's mean over benchmarks; what lacks one of them has no price.
func point(model string, rows []Row, price func(Row) *float64) plot.TradeoffPoint {
	p := plot.TradeoffPoint{Name: model}
	n := float64(len(rows))
	for _, r := range rows {
		x := price(r)
		if r.Score == nil || x == nil {
			return plot.TradeoffPoint{Name: model}
		}
		p.Score, p.Price = p.Score+*r.Score/n, p.Price+*x/n
	}
	if len(rows) == 1 {
		p.Interval = span(rows[0].CILow, rows[0].CIHigh)
	}
	return p
}

func plotLengths(w io.Writer, b Board) error {
	data := plot.LengthsData{Head: plot.Head{Title: "Lengths of answers", Subtitle: "output tokens, thoughts included"}}
	for _, r := range b.Rows {
		if r.sheet == nil {
			continue
		}
		name := r.Model
		if len(apart(b.Rows)) > 1 {
			name += ", " + r.Benchmark
		}
		data.Models = append(data.Models, plot.ModelLengths{Name: name, Outcomes: r.sheet.lengths()})
	}
	return plot.Lengths(w, data)
}

// lengths are quantiles of the tokens of answers that ended alike.
func (sh *sheet) lengths() []plot.OutcomeLengths {
	tokens := make([][]float64, len(eval.Outcomes))
	for _, l := range sh.lines {
		for _, t := range l.trials {
			if t.tokens > 0 {
				tokens[t.outcome] = append(tokens[t.outcome], float64(t.tokens))
			}
		}
	}
	var out []plot.OutcomeLengths
	for i, list := range tokens {
		if len(list) == 0 {
			continue
		}
		o := plot.OutcomeLengths{Outcome: string(eval.Outcomes[i]), Count: len(list)}
		copy(o.Quantiles[:], stats.Quantiles(list, 0.1, 0.25, 0.5, 0.75, 0.9))
		out = append(out, o)
	}
	return out
}
