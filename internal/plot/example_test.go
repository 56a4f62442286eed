package plot_test

import (
	"bytes"
	"fmt"
	"math"

	"github.com/evalr/evalr/internal/plot"
)

func ExampleSparkline() {
	nights := []float64{0.62, 0.64, 0.63, math.NaN(), 0.65, 0.51, 0.52}
	fmt.Printf("[%s]\n", plot.Sparkline(nights, 0.5, 0.7))
	// Output: [▅▆▆ ▆▁▂]
}

func ExampleScores() {
	rows := []plot.ScoreRow{
		{Name: "alder", Score: 0.8, Interval: plot.Span{Low: 0.659, High: 0.941}, Best: true},
		{Name: "birch", Marks: "†", Score: 0.45, Interval: plot.Span{Low: 0.31, High: 0.59}},
	}
	var svg bytes.Buffer
	err := plot.Scores(&svg, plot.ScoresData{
		Head:   plot.Head{Title: "Scores", Notes: []string{"† not all trials are done"}},
		Panels: []plot.ScorePanel{{Name: "aime-2025", Rows: rows}},
	})
	fmt.Println(err, bytes.Contains(svg.Bytes(), []byte("80.0 ±14.1")))
	// Output: <nil> true
}
