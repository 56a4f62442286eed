package plot_test

import (
	"bytes"
	"encoding/xml"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/plot"
)

func TestNothingToDrawIsSaid(t *testing.T) {
	for name, draw := range map[string]func(*bytes.Buffer) error{
		"scores": func(b *bytes.Buffer) error {
			return plot.Scores(b, plot.ScoresData{Panels: []plot.ScorePanel{{Name: "x"}}})
		},
		"tradeoff": func(b *bytes.Buffer) error {
			return plot.Tradeoff(b, plot.TradeoffData{Points: []plot.TradeoffPoint{{Name: "m", Score: 0.5}}})
		},
		"lengths": func(b *bytes.Buffer) error {
			return plot.Lengths(b, plot.LengthsData{Models: []plot.ModelLengths{{Name: "m"}}})
		},
		"trend": func(b *bytes.Buffer) error { return plot.Trend(b, plot.TrendData{Series: []plot.Series{{Name: "s"}}}) },
		"sparkline": func(b *bytes.Buffer) error {
			return plot.SparklineSVG(b, plot.SparklineData{Values: []float64{math.NaN()}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, draw(&out))
			assert.Contains(t, wellFormed(t, out.Bytes()), "no data")
			assert.NotContains(t, out.String(), "<circle")
		})
	}
}

func TestAChartStandsAlone(t *testing.T) {
	for name, draw := range charts {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, draw(&out, plot.Auto))
			svg := strings.Replace(out.String(), `xmlns="http://www.w3.org/2000/svg"`, "", 1)
			for _, reference := range []string{"href", "url(", "http", "@import", "<script", "@font-face", " id=", "<image"} {
				assert.NotContains(t, svg, reference)
			}
			assert.Contains(t, svg, `role="img"`)
			assert.Regexp(t, `<title>[^<]+</title>\s*<desc>[^<]+</desc>`, svg)
			onCanvas(t, out.Bytes())
		})
	}
}

func TestAFixedThemeAsksForNoPreference(t *testing.T) {
	for theme, asks := range map[plot.Theme]int{"": 1, plot.Auto: 1, plot.Light: 0, plot.Dark: 0, `"><script>`: 1} {
		var out bytes.Buffer
		require.NoError(t, charts["scores"](&out, theme))
		assert.Equal(t, asks, strings.Count(out.String(), "prefers-color-scheme"), theme)
		assert.NotContains(t, out.String(), "<script>")
	}
	var light, dark bytes.Buffer
	require.NoError(t, charts["trend"](&light, plot.Light))
	require.NoError(t, charts["trend"](&dark, plot.Dark))
	_, light2, _ := strings.Cut(light.String(), "</style>")
	_, dark2, _ := strings.Cut(dark.String(), "</style>")
	assert.Equal(t, light2, dark2, "themes differ in style alone")
}

func TestScoresAreWrittenAlikeInOneChart(t *testing.T) {
	draw := func(intervals ...plot.Span) string {
		p := plot.ScorePanel{}
		for _, i := range intervals {
			p.Rows = append(p.Rows, plot.ScoreRow{Name: "m", Score: 0.8, Interval: i})
		}
		var out bytes.Buffer
		require.NoError(t, plot.Scores(&out, plot.ScoresData{Panels: []plot.ScorePanel{p}}))
		return wellFormed(t, out.Bytes())
	}
	assert.Contains(t, draw(plot.Span{Low: 0.659, High: 0.941}), "80.0 ±14.1")
	both := draw(plot.Span{Low: 0.659, High: 0.941}, plot.Span{Low: 0.627, High: 0.905})
	assert.Contains(t, both, "80.0 [65.9, 94.1]")
	assert.Contains(t, both, "80.0 [62.7, 90.5]")
	assert.NotContains(t, both, "±")
	assert.NotContains(t, draw(plot.Span{}), "±", "an unknown interval is not one of no width")
	assert.Contains(t, draw(plot.Span{Low: 0.7, High: math.Inf(1)}), "80.0 [70.0, 100.0]", "an interval of shares ends at 1")
}

func TestScoresLeavesTheCallersRowsAlone(t *testing.T) {
	data := plot.ScoresData{Panels: []plot.ScorePanel{{Rows: []plot.ScoreRow{{Name: "m", Score: 0.9, Interval: plot.Span{Low: 0.7, High: 1.1}}}}}}
	require.NoError(t, plot.Scores(&bytes.Buffer{}, data))
	assert.Equal(t, 1.1, data.Panels[0].Rows[0].Interval.High)
}

func TestTheBestAreToldByMoreThanColour(t *testing.T) {
	data := plot.ScoresData{Panels: []plot.ScorePanel{{Rows: []plot.ScoreRow{{Name: "first", Score: 0.9, Best: true}, {Name: "second", Score: 0.2}}}}}
	var out bytes.Buffer
	require.NoError(t, plot.Scores(&out, data))
	assert.Regexp(t, `class="bold ink">first<`, out.String())
	assert.Regexp(t, `class="ink">second<`, out.String())
	assert.Contains(t, out.String(), `class="fill blue"`)
	assert.Contains(t, out.String(), `class="line grey"`)
	assert.Contains(t, out.String(), "first: 90.0%, not significantly worse than the best.")
}

func TestALongNameKeepsItsEndsAndItsMarks(t *testing.T) {
	name := "organisation/" + strings.Repeat("very-", 20) + "long-7B@int4"
	data := plot.ScoresData{Panels: []plot.ScorePanel{{Rows: []plot.ScoreRow{{Name: name, Marks: "‡†", Score: 0.9}}}}}
	var out bytes.Buffer
	require.NoError(t, plot.Scores(&out, data))
	assert.Regexp(t, `>organisation/[a-z-]*…[a-z-]*long-7B@int4 ‡†</text>`, out.String())
	assert.Contains(t, out.String(), "<title>"+name+" ‡†: 90.0%</title>")
}

func TestTheFrontierIsOfModelsThanWhichNoneIsBetterAndCheaper(t *testing.T) {
	data := plot.TradeoffData{Points: []plot.TradeoffPoint{
		{Name: "dear-and-best", Price: 9000, Score: 0.9}, {Name: "cheap", Price: 1000, Score: 0.5}, {Name: "behind", Price: 5000, Score: 0.5},
		{Name: "middling", Price: 3000, Score: 0.6}, {Name: "same-price", Price: 3000, Score: 0.55}, {Name: "no-price", Score: 0.95},
	}}
	var out bytes.Buffer
	require.NoError(t, plot.Tradeoff(&out, data))
	svg := out.String()
	for name, on := range map[string]bool{"cheap": true, "middling": true, "dear-and-best": true, "behind": false, "same-price": false} {
		assert.Equal(t, on, regexp.MustCompile(`<title>`+name+`: [^<]*on the frontier</title>`).MatchString(svg), name)
	}
	assert.Contains(t, wellFormed(t, out.Bytes()), "Not shown, for want of a score or a price: no-price")
}

func TestEveryModelOfATradeoffIsNamed(t *testing.T) {
	for _, data := range []plot.TradeoffData{tradeoff(), crowded()} {
		var out bytes.Buffer
		require.NoError(t, plot.Tradeoff(&out, data))
		_, drawing, _ := strings.Cut(out.String(), "</style>")
		for _, p := range data.Points {
			assert.Contains(t, drawing, p.Name)
		}
	}
}

func TestATrendBreaksWhereTheModelWasNotMeasured(t *testing.T) {
	night := func(day int, score float64, s plot.Status) plot.Night {
		return plot.Night{Date: time.Date(2026, 3, day, 23, 0, 0, 0, time.UTC), Score: score, Status: s}
	}
	draw := func(middle plot.Night) string {
		nights := []plot.Night{night(1, 0.8, plot.OK), night(2, 0.8, plot.OK), middle, night(4, 0.8, plot.OK), night(5, 0.5, plot.Regression), night(6, 0.5, plot.Regression)}
		var out bytes.Buffer
		require.NoError(t, plot.Trend(&out, plot.TrendData{Series: []plot.Series{{Name: "s", Nights: nights}}}))
		return out.String()
	}
	lines := func(svg string) int { return strings.Count(svg, `class="hair blue"`) }
	assert.Equal(t, 1, lines(draw(night(3, 0.7, plot.OK))))
	assert.Equal(t, 2, lines(draw(night(3, math.NaN(), plot.Infrastructure))))
	assert.Equal(t, 2, lines(draw(night(3, 0.7, plot.Infrastructure))), "a failed run says nothing of the model")
	svg := draw(night(3, 0.7, plot.OK))
	assert.Contains(t, svg, "▼ since 2026-03-05")
	assert.Equal(t, 2, strings.Count(svg, `class="dashed red"`), "one in the panel, one in the legend")
}

func TestAValueBetweenGapsIsSeen(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, plot.SparklineSVG(&out, plot.SparklineData{Values: []float64{1, math.NaN(), 2, math.NaN(), 3, 4}}))
	assert.Equal(t, 3, strings.Count(out.String(), "<path"))
	assert.Equal(t, 1, strings.Count(out.String(), "<circle"), "on the last")
}

func TestSparkline(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		want      string
		values    []float64
		low, high float64
	}{
		{"▁▂▃▄▅▆▇█", []float64{0, 1, 2, 3, 4, 5, 6, 7}, 0, 7},
		{"▁█ █", []float64{-5, 9, nan, math.MaxFloat64}, 0, 1},
		{"▁▅█", []float64{10, 20, 30}, nan, nan},
		{"▁▅█", []float64{10, 20, 30}, 0, 0},
		{"▅▅", []float64{3, 3}, nan, nan},
		{"▁█", []float64{-math.MaxFloat64, math.MaxFloat64}, nan, nan},
		{"  ", []float64{nan, math.Inf(1)}, nan, nan},
		{"", nil, 0, 1},
	} {
		assert.Equal(t, c.want, plot.Sparkline(c.values, c.low, c.high), "%v", c.values)
	}
}

// onCanvas checks that every number of an attribute is finite and every place
// lies on the drawing, and that no text but the browser's titles holds what
// could turn or hide the line.
func onCanvas(t *testing.T, svg []byte) {
	t.Helper()
	var corner []float64
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if err != nil {
			return // wellFormed tells of it
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			numbers := numbersOf(t, a)
			switch a.Name.Local {
			case "viewBox":
				corner = numbers[2:]
			case "x", "cx":
				assert.True(t, numbers[0] >= 0 && numbers[0] <= corner[0], "%s %s", start.Name.Local, a.Value)
			case "y", "cy":
				assert.True(t, numbers[0] >= 0 && numbers[0] <= corner[1], "%s %s", start.Name.Local, a.Value)
			case "d":
				if slices.ContainsFunc(start.Attr, func(a xml.Attr) bool { return a.Name.Local == "transform" }) {
					continue
				}
				for i, n := range numbers {
					assert.True(t, n >= 0 && n <= corner[i%2], "path %s", a.Value)
				}
			case "width", "height", "r":
				assert.GreaterOrEqual(t, numbers[0], 0.0)
			}
		}
	}
}

var number = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?`)

// numbersOf gives the numbers of an attribute that holds numbers.
func numbersOf(t *testing.T, a xml.Attr) []float64 {
	if !slices.Contains([]string{"viewBox", "x", "y", "cx", "cy", "r", "d", "width", "height", "transform"}, a.Name.Local) {
		return nil
	}
	assert.NotContains(t, a.Value, "NaN")
	assert.NotContains(t, a.Value, "Inf")
	var numbers []float64
	for _, s := range number.FindAllString(a.Value, -1) {
		n, err := strconv.ParseFloat(s, 64)
		require.NoError(t, err)
		numbers = append(numbers, n)
	}
	return numbers
}
