package plot

import (
	"fmt"
	"strings"
)

// A colour has one value for each ground. The hues keep apart for the
// colour-blind (after Okabe and Ito 2008, darkened for white and lightened for
// black); no chart tells two things apart by colour alone.
type colour struct{ name, light, dark string }

var palette = []colour{
	{"ink", "#1f2328", "#e6edf3"},
	{"soft", "#59636e", "#9aa4ae"},
	{"grid", "#d8dee4", "#2d333b"},
	{"blue", "#0068b5", "#58a9f5"},
	{"red", "#c2410c", "#ff8458"},
	{"amber", "#946200", "#e3b341"},
	{"purple", "#8a3f8f", "#d79be0"},
	{"grey", "#6e7781", "#8b949e"},
}

// rules are the same in every chart, since the style of one that stands inline
// reaches the others on its page.
const rules = `.evalr-plot{max-width:100%;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
.evalr-plot text{fill:currentColor;font-variant-numeric:tabular-nums}
.evalr-plot .title{font-size:15px;font-weight:600}
.evalr-plot .small{font-size:12px}
.evalr-plot .bold{font-weight:600}
.evalr-plot .end{text-anchor:end}
.evalr-plot .middle{text-anchor:middle}
.evalr-plot .fill{fill:currentColor}
.evalr-plot .band{fill:currentColor;fill-opacity:.2;stroke:currentColor;stroke-opacity:.6;stroke-width:.75}
.evalr-plot .line{fill:none;stroke:currentColor;stroke-width:1.5;stroke-linejoin:round}
.evalr-plot .hair{fill:none;stroke:currentColor;stroke-width:1}
.evalr-plot .thick{fill:none;stroke:currentColor;stroke-width:5}
.evalr-plot .dashed{fill:none;stroke:currentColor;stroke-width:1.5;stroke-dasharray:4 3}
`

// style gives the text of a chart's style element. A colour stands twice in its
// rule, for renderers that do not know variables.
func style(t Theme) string {
	var b strings.Builder
	b.WriteString(rules)
	for _, c := range palette {
		plain := c.light
		if t == Dark {
			plain = c.dark
		}
		fmt.Fprintf(&b, ".evalr-%s .%s{color:%s;color:var(--evalr-%s)}\n", t, c.name, plain, c.name)
	}
	var light, dark strings.Builder
	for _, c := range palette {
		fmt.Fprintf(&light, "--evalr-%s:%s;", c.name, c.light)
		fmt.Fprintf(&dark, "--evalr-%s:%s;", c.name, c.dark)
	}
	switch t {
	case Light:
		fmt.Fprintf(&b, ".evalr-light{%s}\n", light.String())
	case Dark:
		fmt.Fprintf(&b, ".evalr-dark{%s}\n", dark.String())
	default:
		fmt.Fprintf(&b, ".evalr-auto{%s}\n@media (prefers-color-scheme:dark){.evalr-auto{%s}}\n", light.String(), dark.String())
	}
	return b.String()
}
