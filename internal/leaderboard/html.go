package leaderboard

import (
	"html/template"
	"io"
	"strings"
)

// HTML writes the board as one section to be put into a page: no script, no
// reference to elsewhere, its own small style, which follows the reader's choice
// of light or dark. Wide tables scroll within themselves.
func HTML(w io.Writer, b Board, l Layout) error {
	page := htmlBoard{Nothing: nothing}
	if len(b.Rows) > 0 {
		shown, idle := b.columns(l.Columns, b.usual())
		page = htmlBoard{Legend: plain(b.legend(shown, idle, "Bold:"))}
		for _, d := range b.doubts() {
			page.Doubts = append(page.Doubts, plain(d))
		}
		for _, n := range b.notes() {
			page.Notes = append(page.Notes, plain(n))
		}
		for _, t := range b.tables(shown) {
			page.Tables = append(page.Tables, htmlTableOf(t))
		}
	}
	return boardTemplate.Execute(w, page)
}

type htmlBoard struct {
	Nothing       string
	Legend        string
	Tables        []htmlTable
	Doubts, Notes []string
}

type htmlTable struct {
	Title string
	Head  []htmlCell
	Rows  [][]htmlCell
}

type htmlCell struct {
	Text         string
	Left, Strong bool
}

// Class is what the style says of a cell. Long names break; others do not.
func (c htmlCell) Class() string {
	var names []string
	for _, n := range []struct {
		is   bool
		name string
	}{{c.Left, "left"}, {c.Left && len([]rune(c.Text)) > widest, "long"}, {c.Strong, "strong"}} {
		if n.is {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, " ")
}

func htmlTableOf(t table) htmlTable {
	out := htmlTable{Title: plain(t.title)}
	for _, h := range t.head {
		out.Head = append(out.Head, htmlCell{Text: plain(h.text), Left: h.left})
	}
	for _, row := range t.rows {
		var line []htmlCell
		for i, c := range row {
			line = append(line, htmlCell{plain(c.text), t.head[i].left, c.strong})
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

var boardTemplate = template.Must(template.New("board").Parse(`<section class="evalr-board">
<style>
.evalr-board { color-scheme: light dark; color: light-dark(#1f2328, #e6edf3); background: light-dark(#ffffff, #0d1117); font: 15px/1.45 system-ui, sans-serif; padding: 0.25rem 0.75rem; max-width: 100%; box-sizing: border-box; container-type: inline-size; }
.evalr-board h3 { font-size: 1.05rem; margin: 1.2rem 0 0.4rem; overflow-wrap: anywhere; }
.evalr-board p, .evalr-board li { overflow-wrap: anywhere; max-width: 46rem; }
.evalr-board .wide { overflow-x: auto; }
.evalr-board table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.87rem; }
.evalr-board th, .evalr-board td { padding: 0.25rem 0.45rem; text-align: right; white-space: nowrap; border-bottom: 1px solid light-dark(#d1d9e0, #3d444d); font-weight: normal; }
.evalr-board thead th { font-weight: 600; border-bottom-width: 2px; vertical-align: bottom; }
.evalr-board .left { text-align: left; }
.evalr-board .long { white-space: normal; overflow-wrap: anywhere; min-width: 16rem; }
.evalr-board .strong { font-weight: 700; }
.evalr-board .small { font-size: 0.87rem; color: light-dark(#59636e, #9198a1); }
@container (max-width: 40rem) { .evalr-board .left { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; } .evalr-board th, .evalr-board td { padding: 0.2rem 0.25rem; } }
</style>
{{- with .Nothing}}
<p>{{.}}</p>
{{- end}}
{{- range $i, $t := .Tables}}
<h3>{{.Title}}</h3>
<div class="wide" tabindex="0" role="region" aria-label="{{.Title}}"><table>
<thead><tr>{{range .Head}}<th scope="col"{{with .Class}} class="{{.}}"{{end}}>{{.Text}}</th>{{end}}</tr></thead>
<tbody>
{{- range .Rows}}
<tr>{{range .}}<td{{with .Class}} class="{{.}}"{{end}}>{{.Text}}</td>{{end}}</tr>
{{- end}}
</tbody>
</table></div>
{{- if eq $i 0}}
<p class="small">{{$.Legend}}</p>
{{- range $.Doubts}}
<p>{{.}}</p>
{{- end}}
{{- end}}
{{- end}}
{{- if .Notes}}
<details><summary>Notes ({{len .Notes}})</summary>
<ul>
{{- range .Notes}}
<li>{{.}}</li>
{{- end}}
</ul>
</details>
{{- end}}
</section>
`))
