// Package plot draws charts of an evaluation: numbers and names in, the text of
// an SVG out. It knows nothing of attempts, files or terminals; what is
// significant or a regression the caller has decided.
//
// A chart is one file without script, fonts or references, so a forge shows it
// as a picture and a page may hold it inline. It is drawn 480 units wide, for a
// phone first: its smallest letters are 12 units, which is 9 pixels on a screen
// of 360. The same data give the same bytes. Names are hostile text and come out
// escaped, without control or bidirectional characters. A number that is not
// finite is left out or shown as "–", never drawn.
package plot

import "math"

// A Theme says which colours a chart is drawn in. All are legible on a
// transparent ground.
type Theme string

// The themes. Auto, also the zero Theme, follows the reader's preference; the
// others are for a page that has one ground.
const (
	Auto  Theme = "auto"
	Light Theme = "light" // on #ffffff
	Dark  Theme = "dark"  // on #0d1117
)

// A Head is what every chart has around its drawing.
type Head struct {
	Title    string   // one line, and the name a screen reader says
	Subtitle string   // what was measured; may be empty
	Notes    []string // lines below the chart, such as what marks mean
	Theme    Theme
}

// A Span is an interval in the unit of what it surrounds. It is known if both
// ends are finite and Low < High; the zero Span is an unknown one. What is
// unknown is not drawn.
type Span struct{ Low, High float64 }

func (s Span) known() bool { return finite(s.Low) && finite(s.High) && s.Low < s.High }

// clipped is s within [0, 1].
func (s Span) clipped() Span { return Span{min(max(s.Low, 0), 1), min(max(s.High, 0), 1)} }

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// share tells whether x is a score: in [0, 1].
func share(x float64) bool { return x >= 0 && x <= 1 }

const none = "–" // what is not known
