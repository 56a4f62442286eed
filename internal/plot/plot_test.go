package plot_test

import (
	"fmt"
	"math"
	"time"

	"github.com/evalr/evalr/internal/plot"
)

// The models and data of these tests are made up; they only look like an evaluation.
var models = []string{
	"alder-mini@effort=high", "birch-works/Birch3-240B-A24B-Thinking-2607", "cedar-ai/Cedar-R7-0528",
	"elm-open-130b@effort=high", "birch-works/Birch3-32B", "cedar-ai/Cedar-R7-Distill-Willow-70B",
	"hazel-sonata-4@thinking=16000", "birch-works/Bud-32B", "cedar-ai/Cedar-R7-Distill-Birch-7B",
	"elm-open-20b@effort=low", "maple-labs/Sap-4-reasoning-plus-with-a-very-long-name@int4", "birch-works/Birch3-0.6B",
}

func around(score, half float64) plot.Span {
	return plot.Span{Low: max(0, score-half), High: min(1, score+half)}
}

func scores() plot.ScoresData {
	data := plot.ScoresData{Head: plot.Head{
		Title:    "Three benchmarks of mathematics and science",
		Subtitle: "Made-up data: mean of 4 trials a problem, the best first",
		Notes:    []string{"‡ problems may be older than the model's training data", "† not all trials are done"},
	}}
	for b, name := range []string{"aime-2025 (30 problems)", "gpqa-diamond (198 problems)", "math500 (500 problems)"} {
		half := []float64{0.141, 0.058, 0.021}[b]
		p := plot.ScorePanel{Name: name}
		for i, m := range models {
			s := []float64{0.85, 0.80, 0.97}[b] - float64(i)*[]float64{0.05, 0.045, 0.02}[b] - float64(i*i)*0.001
			r := plot.ScoreRow{Name: m, Score: s, Interval: around(s, half), Rerun: around(s, half/3), Best: i < 4-b}
			switch i {
			case 1:
				r.Marks = "‡"
			case 4:
				r.Marks = "†§"
			case 7:
				r.Rerun = plot.Span{}
			case 10:
				r.Score = math.NaN()
			}
			p.Rows = append(p.Rows, r)
		}
		data.Panels = append(data.Panels, p)
	}
	return data
}

func asymmetric() plot.ScoresData {
	data := scores()
	data.Title, data.Panels = "One benchmark, asymmetric intervals", data.Panels[:1]
	for i := range data.Panels[0].Rows {
		r := &data.Panels[0].Rows[i]
		r.Interval.Low -= 0.034
		r.Rerun = plot.Span{}
	}
	return data
}

func tradeoff() plot.TradeoffData {
	data := plot.TradeoffData{Head: plot.Head{
		Title: "aime-2025: what a score costs", Subtitle: "Made-up data: 30 problems, 4 trials each",
	}}
	lengths := []float64{14200, 23800, 21500, 11900, 15100, 9800, 13000, 16800, 9100, 1450, 18600, 17000}
	for i, m := range models {
		s := 0.88 - float64(i)*0.055 - float64(i*i)*0.001
		data.Points = append(data.Points, plot.TradeoffPoint{Name: m, Price: lengths[i], Score: s, Interval: around(s, 0.141-float64(i)*0.004)})
	}
	data.Points[11].Score, data.Points[11].Interval = 0.08, plot.Span{Low: 0.02, High: 0.2}
	return data
}

func crowded() plot.TradeoffData {
	data := plot.TradeoffData{Head: plot.Head{Title: "Many models at one price"}, Price: plot.Dollars}
	for i := range 40 {
		data.Points = append(data.Points, plot.TradeoffPoint{
			Name: fmt.Sprintf("a-model-with-a-name/%d", i), Price: 0.011 + 0.0001*float64(i%7), Score: 0.6 + 0.005*float64(i%9), Interval: around(0.62, 0.1),
		})
	}
	data.Points = append(data.Points, plot.TradeoffPoint{Name: "no-price", Score: 0.5, Price: math.NaN()})
	return data
}

func lengths() plot.LengthsData {
	data := plot.LengthsData{Head: plot.Head{Title: "Length of answers by outcome", Subtitle: "Made-up data: gpqa-diamond, 198 problems, 4 trials each"}, Budget: 32768}
	for i, m := range models {
		base := 3000 * math.Pow(1.12, float64(i))
		strip := func(name string, count int, factor float64) plot.OutcomeLengths {
			o := plot.OutcomeLengths{Outcome: name, Count: count}
			for j, q := range []float64{0.35, 0.6, 1, 1.7, 2.9} {
				o.Quantiles[j] = min(base*factor*q, data.Budget)
			}
			return o
		}
		data.Models = append(data.Models, plot.ModelLengths{Name: m, Outcomes: []plot.OutcomeLengths{
			strip("correct", 640-40*i, 1), strip("incorrect", 120+30*i, 2.1), strip("truncated", 3*i, 9),
			strip("no_answer", i%3*4, 0.8), strip("refused", i%4, 0.05),
		}})
	}
	return data
}

func trend() plot.TrendData {
	data := plot.TrendData{Head: plot.Head{Title: "Nightly runs", Subtitle: "Made-up data, k = 2; a regression is one-sided against the baseline, Holm-adjusted at 5%"}}
	first := time.Date(2026, 2, 27, 3, 0, 0, 0, time.UTC)
	for i, name := range []string{"birch-works/Birch3-32B at math500", "birch-works/Birch3-32B at gpqa-diamond", "our-org/checkpoint-000120000-with-a-long-name-of-the-branch at aime-2025"} {
		s := plot.Series{Name: name}
		for d := range 30 {
			score := []float64{0.953, 0.66, 0.7}[i] + 0.012*math.Sin(float64(d*d+i))
			n := plot.Night{Date: first.AddDate(0, 0, d), Status: plot.OK}
			switch {
			case i == 1 && d >= 19:
				score, n.Status = score-0.09, plot.Regression
			case i == 0 && (d == 8 || d == 9):
				score, n.Status = math.NaN(), plot.Infrastructure
			case i == 2 && d == 14:
				n.Status = plot.Changed
			case i == 2 && d == 21:
				score, n.Status = score-0.16, plot.Infrastructure
			}
			n.Score, n.Interval = score, around(score, []float64{0.019, 0.05, 0.11}[i])
			s.Nights = append(s.Nights, n)
		}
		data.Series = append(data.Series, s)
	}
	return data
}
