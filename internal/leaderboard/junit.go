package leaderboard

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/evalr/evalr/eval"
)

// The elements of JUnit's XML that CI servers read. An empty pointer is absent.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
		Out      string      `xml:"system-out,omitempty"`
	}
	junitCase struct {
		Class      string           `xml:"classname,attr"`
		Name       string           `xml:"name,attr"`
		Properties *junitProperties `xml:"properties"`
		Failure    *junitResult     `xml:"failure"`
		Error      *junitResult     `xml:"error"`
		Skipped    *junitResult     `xml:"skipped"`
		Out        string           `xml:"system-out,omitempty"`
	}
	junitProperties struct {
		List []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	// A junitResult says in a line, and at length, why a case did not pass.
	junitResult struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// add counts a case and appends it.
func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// property adds a property to a case.
func (c *junitCase) property(name, value string) {
	if c.Properties == nil {
		c.Properties = &junitProperties{}
	}
	c.Properties.List = append(c.Properties.List, junitProperty{name, value})
}

// writeJUnit adds the suites up and writes them.
func writeJUnit(w io.Writer, name string, suites []junitSuite) error {
	all := junitSuites{Name: name, Suites: suites}
	for _, s := range suites {
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors, all.Skipped+s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlText keeps lines apart, each of them plain. What XML cannot hold the encoder
// replaces.
func xmlText(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = plain(line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// JUnit writes a suite a benchmark and a case a model, which passes: whether a
// score is good enough a board cannot say. A case without a single verdict is an
// error. With Layout.Problems there is a case a model and problem instead, which
// fails if no trial is correct.
func JUnit(w io.Writer, b Board, l Layout) error {
	var suites []junitSuite
	for _, r := range b.Rows {
		if r.sheet == nil {
			continue // published by others
		}
		if len(suites) == 0 || suites[len(suites)-1].Name != plain(r.Benchmark) {
			suites = append(suites, junitSuite{Name: plain(r.Benchmark)})
		}
		suite := &suites[len(suites)-1]
		if !l.Problems {
			suite.add(r.junit())
			continue
		}
		for _, line := range r.sheet.lines {
			suite.add(r.sheet.junit(line))
		}
	}
	return writeJUnit(w, "evalr", suites)
}

// junit is the case of a whole row.
func (r Row) junit() junitCase {
	c := junitCase{Class: plain(r.Benchmark), Name: plain(r.Model)}
	for _, p := range []struct {
		name string
		x    *float64
	}{{"score", r.Score}, {"ci_low", r.CILow}, {"ci_high", r.CIHigh}} {
		if p.x != nil {
			c.property(p.name, strconv.FormatFloat(*p.x, 'f', 4, 64))
		}
	}
	c.property("problems", strconv.Itoa(r.Problems))
	c.property("trials", strconv.Itoa(r.Trials))
	c.Out = xmlText(interval(r.Score, r.CILow, r.CIHigh) + " on " + nkCell(r) + "\n" + r.Outcomes.words() + "\n" + strings.Join(r.Warnings, "\n"))
	if r.Score == nil {
		c.Error = &junitResult{Message: fmt.Sprintf("none of %d attempts has a verdict", r.Outcomes.All()), Text: xmlText(r.sheet.show("") + " --outcome error")}
	}
	return c
}

// junit is the case of one problem.
func (sh *sheet) junit(l *line) junitCase {
	c := junitCase{Class: plain(sh.benchmark + "." + sh.model), Name: plain(l.problem.ID)}
	o := Outcomes{Error: l.errors}
	best := 0.0
	for _, t := range l.trials {
		o.add(eval.Outcomes[t.outcome])
		best = max(best, t.score)
	}
	if len(l.trials) > 0 {
		c.property("score", strconv.FormatFloat(sh.unit(l).Mean, 'f', 4, 64))
	}
	c.property("trials", strconv.Itoa(o.All()))
	why := &junitResult{Message: o.words(), Text: xmlText(sh.show(l.problem.ID))}
	switch {
	case o.All() == 0:
		c.Skipped = &junitResult{Message: "not attempted"}
	case len(l.trials) == 0:
		c.Error = why
	case o.Correct == 0:
		if best > 0 {
			why.Message += fmt.Sprintf("; best score %.3g", best)
		}
		c.Failure = why
	}
	return c
}

// words counts the outcomes that there are.
func (o Outcomes) words() string {
	var parts []string
	for _, p := range []struct {
		n    int
		name string
	}{{o.Correct, "correct"}, {o.Incorrect, "incorrect"}, {o.NoAnswer, "no answer"}, {o.Truncated, "truncated"}, {o.Refused, "refused"}, {o.Error, "error"}} {
		if p.n > 1 && p.name == "error" {
			p.name = "errors"
		}
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.name))
		}
	}
	if parts == nil {
		return "no attempts"
	}
	return strings.Join(parts, ", ")
}

// show is the command that shows the attempts of a row, or of one of its
// problems.
func (sh *sheet) show(problem string) string {
	words := []string{"evalr", "show", sh.run, "--benchmark", sh.benchmark, "--model", sh.label}
	if problem != "" {
		words = slices.Concat(words, []string{"--problem", problem})
	}
	for i, w := range words {
		words[i] = quoted(w)
	}
	return strings.Join(words, " ")
}

// quoted is a word as a shell reads it.
func quoted(s string) string {
	safe := func(r rune) bool {
		return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./@:=+,", r))
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
