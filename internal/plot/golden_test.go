package plot_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/plot"
)

var update = flag.Bool("update", false, "write the golden files again")

var charts = map[string]func(io.Writer, plot.Theme) error{
	"scores": func(w io.Writer, t plot.Theme) error {
		data := scores()
		data.Theme = t
		return plot.Scores(w, data)
	},
	"scores-asymmetric": func(w io.Writer, t plot.Theme) error {
		data := asymmetric()
		data.Theme = t
		return plot.Scores(w, data)
	},
	"scores-empty": func(w io.Writer, t plot.Theme) error {
		return plot.Scores(w, plot.ScoresData{Head: plot.Head{Theme: t}})
	},
	"tradeoff": func(w io.Writer, t plot.Theme) error {
		data := tradeoff()
		data.Theme = t
		return plot.Tradeoff(w, data)
	},
	"tradeoff-crowded": func(w io.Writer, t plot.Theme) error {
		data := crowded()
		data.Theme = t
		return plot.Tradeoff(w, data)
	},
	"lengths": func(w io.Writer, t plot.Theme) error {
		data := lengths()
		data.Theme = t
		return plot.Lengths(w, data)
	},
	"trend": func(w io.Writer, t plot.Theme) error {
		data := trend()
		data.Theme = t
		return plot.Trend(w, data)
	},
	"sparkline": func(w io.Writer, t plot.Theme) error {
		values := []float64{0.6, 0.62, 0.61, math.NaN(), 0.64, 0.5, 0.52, 0.58}
		return plot.SparklineSVG(w, plot.SparklineData{Name: "math500", Values: values, Theme: t})
	},
}

func TestGolden(t *testing.T) {
	for name, draw := range charts {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, draw(&out, plot.Auto))
			path := filepath.Join("testdata", name+".svg")
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o755))
				require.NoError(t, os.WriteFile(path, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "the flag -update writes it")
			assert.Equal(t, string(want), out.String())
			wellFormed(t, out.Bytes())
		})
	}
}

// wellFormed reads an SVG as a strict reader of XML does, and gives its text.
func wellFormed(t *testing.T, svg []byte) string {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var text bytes.Buffer
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		require.NoError(t, err)
		if c, ok := token.(xml.CharData); ok {
			text.Write(c)
		}
	}
}
