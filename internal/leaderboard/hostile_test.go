package leaderboard_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	yaml "go.yaml.in/yaml/v4"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

var hostiles = []string{
	hostile, "", " ", "\n\n# heading\n\n- item", "a|b|c", "<script>alert(1)</script>", "</table></section><img src=x onerror=alert(1)>", "<!-- evalr:end -->",
	"]]>", "&lt;&#60;", "\\", "\\\\", "\\|", `\end{tabular}`, `\input{/etc/passwd}`, "$x$%", "{", "}", "a&b", "#_^~", "--- '' ``", "[x](http://a.b)", "![](x)",
	"http://a.b www.a.b", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'", `"`, "- a: b", "? x", "*a", "&a", "!tag", "%YAML", "---", "...", "null", "true", "1e3", "~",
	"\u202e\u2066abc", "\x00\x07\x1b]0;t\x07", "\xff\xfe", "\ufeff", "\ufffe", "😀模型é", "⟦chen2021⟧⟦zzz⟧", "@here #12 GH-1 org/repo#2", strings.Repeat("long ", 80), "a\u2028b\u0085c",
}

// named is a board in which a text stands wherever others can put one.
func named(t testing.TB, name string) leaderboard.Board {
	a, b, failed := try(name, name, 1, 0, eval.Incorrect), try(name, name, 2, 0, eval.Truncated), try(name, name, 3, 0, "error")
	a.Key.Problem = name
	a.Verdict.Warnings = []string{name + ": " + name}
	a.Measures = map[string]float64{name: 1}
	other := try("other", name, 2, 0, eval.Correct)
	s := source(a, b, failed, other, try(name, "plain", 1, 0, eval.Correct))
	s.Name = name
	s.Models = map[string]leaderboard.ModelInfo{name: {Engine: name, Preset: name, Facts: leaderboard.Facts{Compute: name, Released: name}}}
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{name: {Domain: name, Problems: []eval.Problem{{ID: name, Subject: name, Date: name}}}}
	s.Isolation = &eval.Isolation{Tier: name, Guards: []string{name}, Weaknesses: []string{name}}
	s.Unfinished, s.Version = true, name
	board, err := leaderboard.Build([]leaderboard.Source{s}, leaderboard.Options{By: leaderboard.BySubject, Baseline: name})
	require.NoError(t, err)
	return board
}

func everyColumn(t testing.TB) []leaderboard.Column {
	var names []string
	for _, n := range leaderboard.ColumnNames() {
		switch {
		case n == "gpass@":
			n += "1:0.5"
		case strings.HasSuffix(n, "@"), strings.HasSuffix(n, "^"):
			n += "1"
		case strings.HasSuffix(n, "."):
			n += "x"
		}
		names = append(names, n)
	}
	columns, err := leaderboard.Columns(names)
	require.NoError(t, err)
	return columns
}

// unbroken checks that every format is still what it is.
func unbroken(t *testing.T, b leaderboard.Board, l leaderboard.Layout) {
	markdownIsWhole(t, written(t, leaderboard.Markdown, b, l))
	elements := xmlIsWhole(t, written(t, leaderboard.HTML, b, l))
	for name := range elements {
		assert.Contains(t, []string{"section", "style", "p", "h3", "div", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li"}, name)
	}
	latexIsWhole(t, written(t, leaderboard.LaTeX, b, l))
	for _, problems := range []bool{false, true} {
		elements = xmlIsWhole(t, written(t, leaderboard.JUnit, b, leaderboard.Layout{Problems: problems}))
		assert.NotContains(t, elements, "script")
	}
	for _, plot := range leaderboard.PlotNames() {
		elements = xmlIsWhole(t, written(t, leaderboard.SVG, b, leaderboard.Layout{Plot: plot}))
		assert.NotContains(t, elements, "script")
		assert.NotContains(t, elements, "img")
	}
	csvIsWhole(t, written(t, leaderboard.CSV, b, l))
	yamlIsWhole(t, written(t, leaderboard.ModelIndex, b, l))
	assert.True(t, json.Valid([]byte(written(t, leaderboard.JSON, b, l))))
	text := written(t, leaderboard.Text, b, l) + written(t, leaderboard.Cite, b, l)
	assert.NotRegexp(t, "[\x00-\x09\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]", text, "nothing takes over a terminal")
	assert.Zero(t, braces(written(t, leaderboard.CiteLaTeX, b, l)))
}

var (
	escaped  = regexp.MustCompile(`\\[|\\]`)
	cellText = regexp.MustCompile(`[<>]|(^|[^\\])[*_\x60$\[]`)
)

// markdownIsWhole checks that a table's lines have its cells and that names are
// text alone.
func markdownIsWhole(t *testing.T, out string) {
	columns := 0
	for _, line := range strings.Split(out, "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			if strings.Contains(line, "<") {
				assert.Regexp(t, `^(<details>|</details>|<summary>\d+ notes</summary>)$`, line)
			}
			assert.NotRegexp(t, `^( |#|\+|\d+\.|>|=|~|-[^ ])`, line, "no name opens a block")
			continue
		}
		n := strings.Count(escaped.ReplaceAllString(line, ""), "|")
		if columns == 0 {
			columns = n
		}
		assert.Equal(t, columns, n, line)
		for _, c := range strings.Split(escaped.ReplaceAllString(line, ""), "|") {
			c = strings.ReplaceAll(strings.TrimSpace(c), "**", "")
			if !regexp.MustCompile(`^[-+]?[0-9.]+\x{00a0}\[`).MatchString(c) {
				assert.NotRegexp(t, cellText, c)
			}
		}
	}
}

// xmlIsWhole parses strictly, and counts the elements.
func xmlIsWhole(t *testing.T, out string) map[string]int {
	elements := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(out))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		if !assert.NoError(t, err) {
			return elements
		}
		if start, ok := token.(xml.StartElement); ok {
			elements[start.Name.Local]++
			for _, a := range start.Attr {
				assert.NotRegexp(t, "^on", a.Name.Local)
			}
		}
	}
}

var latexEscapes = regexp.MustCompile(`\\[\\{}$&#%_]|\\[A-Za-z]+|\\` + "`")

// latexIsWhole checks that rows have their cells, that braces match, and that no
// sign or command comes from a name.
func latexIsWhole(t *testing.T, out string) {
	assert.Zero(t, braces(out))
	columns := 0
	for _, line := range strings.Split(strings.TrimPrefix(out, "% \\usepackage{booktabs}\n"), "\n") {
		for _, command := range latexEscapes.FindAllString(line, -1) {
			assert.NotContains(t, []string{`\input`, `\write`, `\def`, `\include`}, command)
		}
		bare := latexEscapes.ReplaceAllString(strings.NewReplacer(`$\pm$`, "", `$\times$`, "", `$\Delta$`, "", `$^9$`, "", `$\sigma$`, "", `$\cdot$`, "", `$\ge$`, "", `$\le$`, "", `$\omega$`, "").Replace(line), "")
		assert.NotRegexp(t, `[$#%^_]`, bare, line)
		if strings.HasSuffix(line, `\toprule`) {
			columns = 0
		}
		if !strings.HasPrefix(line, "    {}") {
			continue
		}
		n := strings.Count(bare, "&")
		if columns == 0 {
			columns = n
		}
		assert.Equal(t, columns, n, line)
	}
	assert.Equal(t, strings.Count(out, `\begin{table}`), strings.Count(out, `\end{table}`))
	assert.Equal(t, strings.Count(out, `\begin{tabular}`), strings.Count(out, `\end{tabular}`))
}

func braces(s string) int {
	s = regexp.MustCompile(`\\[{}\\]`).ReplaceAllString(s, "")
	return strings.Count(s, "{") - strings.Count(s, "}")
}

func csvIsWhole(t *testing.T, out string) {
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err) // and all lines have as many fields
	for _, line := range lines {
		for _, f := range line {
			assert.NotRegexp(t, `^[=@]|^[-+]([^0-9.]|$)`, f, "no field is a formula")
		}
	}
}

func yamlIsWhole(t *testing.T, out string) {
	d := yaml.NewDecoder(strings.NewReader(out))
	for {
		var card struct {
			Index []struct {
				Name    string           `yaml:"name"`
				Results []map[string]any `yaml:"results"`
			} `yaml:"model-index"`
		}
		err := d.Decode(&card)
		if errors.Is(err, io.EOF) {
			return
		}
		if !assert.NoError(t, err) {
			return
		}
		assert.Len(t, card.Index, 1)
		assert.NotEmpty(t, card.Index[0].Results)
	}
}

func TestNoNameBreaksAFormat(t *testing.T) {
	columns := everyColumn(t)
	for _, name := range hostiles {
		b := named(t, name)
		unbroken(t, b, leaderboard.Layout{})
		unbroken(t, b, leaderboard.Layout{Columns: columns})
	}
}

func FuzzNamesBreakNoFormat(f *testing.F) {
	f.Add("a|b")
	f.Fuzz(func(t *testing.T, name string) {
		unbroken(t, named(t, name), leaderboard.Layout{})
	})
}

func TestNamesSurviveInFormatsForPrograms(t *testing.T) {
	const name = `we|rd <b> & "q" \x {y}`
	b := named(t, name)
	var cases struct {
		Suites []struct {
			Cases []struct {
				Name string `xml:"name,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal([]byte(written(t, leaderboard.JUnit, b, leaderboard.Layout{})), &cases))
	assert.Equal(t, name, cases.Suites[1].Cases[1].Name)
	var card map[string][]map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(strings.SplitN(written(t, leaderboard.ModelIndex, b, leaderboard.Layout{}), "\n---\n", 3)[1]), &card))
	assert.Equal(t, name, card["model-index"][0]["name"])
	lines, err := csv.NewReader(strings.NewReader(written(t, leaderboard.CSV, b, leaderboard.Layout{}))).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, name, lines[3][0])
}

func TestLaTeXCompiles(t *testing.T) {
	if _, err := exec.LookPath("pdflatex"); err != nil {
		t.Skip("pdflatex is not installed")
	}
	dir := t.TempDir()
	page := "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n"
	for _, name := range hostiles {
		page += written(t, leaderboard.LaTeX, named(t, name), leaderboard.Layout{}) + "\\clearpage\n"
	}
	methods, _, _ := strings.Cut(written(t, leaderboard.CiteLaTeX, sampled(t, leaderboard.Options{}), leaderboard.Layout{}), "% for BibTeX")
	page += written(t, leaderboard.LaTeX, sampled(t, leaderboard.Options{}), leaderboard.Layout{}) + methods + "\\end{document}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "board.tex"), []byte(page), 0o600))
	c := exec.Command("pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", "board.tex")
	c.Dir = dir
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out[max(0, len(out)-2000):]))
}
