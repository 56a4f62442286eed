package flow_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "measure again, and write the plot and the table of docs/flow.md")

// figures are what was measured of one server.
type figures struct {
	name  string
	best  run // with the best fixed number in flight
	at    int // the least number that does as well, within 1%
	found run // with the number that was searched
}

// String is a row of the table.
func (f figures) String() string {
	low, high := f.found.limits(warmUp)
	return fmt.Sprintf("| %s | %d | %.0f | %.0f | %.0f%% | %.0f%% | %.1f%% | %d–%d |", f.name, f.at, f.best.steady, f.found.steady,
		100*f.found.steady/f.best.steady, 100*f.found.whole/f.best.whole, 100*f.found.share, low, high)
}

const (
	guide = "../../docs/flow.md"
	image = "../../docs/img/flow.svg"
	open  = "<!-- figures -->\n"
	shut  = "<!-- /figures -->"
)

// drawn are the servers of the plot.
var drawn = []int{0, 3, 6, 7, 9, 15}

func write(t *testing.T, table []figures) {
	var rows strings.Builder
	rows.WriteString("| server | best fixed | tokens/s with it | tokens/s found | share | with warm-up | 429s | limit |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, f := range table {
		fmt.Fprintln(&rows, f)
	}
	text, err := os.ReadFile(guide)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), open)
	require.True(t, ok, "%s has no place for the figures", guide)
	_, after, ok := strings.Cut(rest, shut)
	require.True(t, ok, "%s has no end of the figures", guide)
	require.NoError(t, os.WriteFile(guide, []byte(before+open+rows.String()+shut+after), 0o644))
	var some []figures
	for _, i := range drawn {
		some = append(some, table[i])
	}
	require.NoError(t, os.MkdirAll("../../docs/img", 0o755))
	require.NoError(t, os.WriteFile(image, draw(some), 0o644))
}

const (
	wide, panel, head, foot = 480.0, 86.0, 22.0, 26.0
	left, right             = 42.0, 40.0
	bins                    = 70
)

// style is that of the project's charts: legible on a light and on a dark ground.
const style = `svg{font:12px system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;--ink:#1f2328;--soft:#59636e;--grid:#d8dee4;--blue:#0068b5;--red:#c2410c}
@media (prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#9aa4ae;--grid:#2d333b;--blue:#58a9f5;--red:#ff8458}}
text{fill:var(--soft)}.name{fill:var(--ink);font-weight:600}.blue{fill:var(--blue)}.red{fill:var(--red)}.end{text-anchor:end}
path{fill:none}.limit{stroke:var(--red);stroke-width:1.5}.work{stroke:var(--blue);stroke-width:1.5}.grid{stroke:var(--grid)}.best{stroke:var(--blue);stroke-dasharray:4 3}`

// draw gives an SVG with a panel a server: limit and throughput over time.
func draw(all []figures) []byte {
	var b bytes.Buffer
	high := head + float64(len(all))*(head+panel+foot)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img" aria-label="The limit and the throughput over time, on simulated servers">
<title>The limit and the throughput over time, on simulated servers</title>
<style>%s</style>
<text x="8" y="15" class="red">requests in flight allowed (left)</text><text x="472" y="15" class="end blue">throughput, 100%% = best fixed (right)</text>
`, wide*1.25, high*1.25, wide, high, style)
	for i, f := range all {
		drawPanel(&b, f, head+float64(i)*(head+panel+foot))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func drawPanel(b *bytes.Buffer, f figures, top float64) {
	points := f.found.points
	end := points[len(points)-1].at
	_, most := f.found.limits(0)
	bottom := top + head + panel
	x := func(at time.Duration) float64 { return left + (wide-left-right)*at.Seconds()/end.Seconds() }
	y := func(share float64) float64 { return bottom - panel*min(share, 1.25)/1.25 }
	limit := func(n int) float64 { return bottom - panel*float64(n)/(1.1*float64(most)) }
	fmt.Fprintf(b, "<text x=\"8\" y=\"%.1f\" class=\"name\">%s</text>\n", top+head-6, f.name)
	fmt.Fprintf(b, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/><path class=\"best\" d=\"M%.1f %.1fH%.1f\"/>\n", left, bottom, wide-right, left, y(1), wide-right)
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" class=\"end red\">%d</text><text x=\"%.1f\" y=\"%.1f\" class=\"end red\">0</text>", left-6, limit(most)+4, most, left-6, bottom)
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" class=\"blue\">100%%</text>", wide-right+4, y(1)+4)
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\">0</text><text x=\"%.1f\" y=\"%.1f\" class=\"end\">%v</text>\n", left, bottom+15, wide-right, bottom+15, end.Round(max(end/100, time.Millisecond).Round(time.Millisecond)))
	var work, line strings.Builder
	last, bin := point{}, 1
	for i, p := range points {
		if p.at >= end*time.Duration(bin)/bins {
			rate := (p.work - last.work) / (p.at - last.at).Seconds() / f.best.steady
			fmt.Fprintf(&work, "%s%.1f %.1f", pen(work.Len()), x(p.at), y(rate))
			last = p
			for p.at >= end*time.Duration(bin)/bins {
				bin++
			}
		}
		if i == 0 || p.limit != points[i-1].limit {
			if i > 0 {
				fmt.Fprintf(&line, "H%.1f", x(p.at))
			}
			fmt.Fprintf(&line, "%s%.1f %.1f", pen(line.Len()), x(p.at), limit(p.limit))
		}
	}
	fmt.Fprintf(b, "<path class=\"work\" d=\"%s\"/>\n<path class=\"limit\" d=\"%sH%.1f\"/>\n", work.String(), line.String(), wide-right)
}

func pen(written int) string {
	if written == 0 {
		return "M"
	}
	return "L"
}
