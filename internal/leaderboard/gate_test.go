package leaderboard_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

// evening makes a run of model m at benchmark b: twenty problems, two trials
// each, of which the first so many have another outcome than correct.
func evening(name string, wrong int, o eval.Outcome) leaderboard.Source {
	var attempts []eval.Attempt
	for i := range 40 {
		outcome := eval.Correct
		if i < wrong {
			outcome = o
		}
		attempts = append(attempts, try("m", "b", i/2, i%2, outcome))
	}
	s := source(attempts...)
	s.Name = name
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": {Digest: "sha256:1", Policy: "{}"}}
	s.Models = map[string]leaderboard.ModelInfo{"m": {Kind: "vllm", PresetHash: "sha256:2", Engine: "vllm 0.11.0"}}
	return s
}

func altered(s leaderboard.Source, model func(*leaderboard.ModelInfo), benchmark func(*leaderboard.BenchmarkInfo)) leaderboard.Source {
	m, b := s.Models["m"], s.Benchmarks["b"]
	if model != nil {
		model(&m)
	}
	if benchmark != nil {
		benchmark(&b)
	}
	s.Models = map[string]leaderboard.ModelInfo{"m": m}
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": b}
	return s
}

// threeNights have two to four of forty answers wrong.
func threeNights() []leaderboard.Source {
	return []leaderboard.Source{evening("n1", 3, eval.Incorrect), evening("n2", 2, eval.Incorrect), evening("n3", 4, eval.Incorrect)}
}

func judge(t *testing.T, current leaderboard.Source, o leaderboard.GateOptions, baselines ...leaderboard.Source) leaderboard.Gate {
	t.Helper()
	g, err := leaderboard.Judge(current, baselines, o)
	require.NoError(t, err)
	return g
}

func TestAGateSaysWhatFellAndWhatToSuspect(t *testing.T) {
	g := judge(t, evening("tonight", 30, eval.Truncated), leaderboard.GateOptions{}, threeNights()...)
	require.Equal(t, leaderboard.Regression, g.Decision)
	x := g.Cells[0].Test
	assert.Equal(t, 3, x.Nights)
	assert.InDelta(t, 0.25, x.Current, 1e-9)
	assert.InDelta(t, 0.925, x.Baseline, 1e-9)
	assert.Less(t, x.PHolm, 0.01)
	assert.Less(t, x.DropLow, x.Drop)
	assert.Greater(t, x.DropHigh, x.Drop)
	require.NotNil(t, x.NightSD)
	assert.Len(t, g.Cells[0].Lost, 5)
	assert.Equal(t, leaderboard.Lost{Problem: "10", Current: 0, Baseline: 1}, g.Cells[0].Lost[0])
	p := g.Paragraph()
	for _, want := range []string{"m at b fell by 67.5 pp, from 92.5% to 25.0% on the same 20 problems",
		"Truncated answers went from 0.0% to 75.0%: --max-tokens or the server's context length is the first suspect",
		"`evalr compare n3 tonight`", "`evalr show tonight --benchmark b --problem 10 --model m`"} {
		assert.Contains(t, p, want)
	}
	assert.NotContains(t, p, "\n")
}

func TestOneNightIsSaidToKnowLittle(t *testing.T) {
	g := judge(t, evening("tonight", 30, eval.Incorrect), leaderboard.GateOptions{}, evening("n1", 3, eval.Incorrect))
	assert.Equal(t, leaderboard.Regression, g.Decision)
	assert.Nil(t, g.Cells[0].Test.NightSD)
	assert.Contains(t, g.Paragraph(), "With one baseline night it is not known how much nights differ")
}

func TestANearMissIsNoRegression(t *testing.T) {
	g := judge(t, evening("tonight", 7, eval.Incorrect), leaderboard.GateOptions{}, threeNights()...)
	require.Equal(t, leaderboard.Inconclusive, g.Decision)
	assert.Greater(t, g.Cells[0].Test.Drop, g.MaxDrop)
	assert.Contains(t, g.Paragraph(), "times as many trials a night would show a drop of 2.0 pp")
}

func TestACertainDropWithinTheAllowanceIsNoRegression(t *testing.T) {
	g := judge(t, evening("tonight", 30, eval.Incorrect), leaderboard.GateOptions{MaxDrop: 0.95}, threeNights()...)
	assert.Equal(t, leaderboard.Pass, g.Decision)
}

func TestRunsThatWereNotMeasuredAlikeAreRefused(t *testing.T) {
	tonight := evening("tonight", 3, eval.Incorrect)
	for name, other := range map[string]leaderboard.Source{
		"dataset": altered(evening("n1", 3, eval.Incorrect), nil, func(b *leaderboard.BenchmarkInfo) { b.Digest = "sha256:9" }),
		"policy":  altered(evening("n1", 3, eval.Incorrect), nil, func(b *leaderboard.BenchmarkInfo) { b.Policy = "{1}" }),
		"preset":  altered(evening("n1", 3, eval.Incorrect), func(m *leaderboard.ModelInfo) { m.PresetHash = "sha256:9" }, nil),
		"engine":  altered(evening("n1", 3, eval.Incorrect), func(m *leaderboard.ModelInfo) { m.Engine = "vllm 0.12.0" }, nil),
		"kind":    altered(evening("n1", 3, eval.Incorrect), func(m *leaderboard.ModelInfo) { m.Kind = "ollama" }, nil),
	} {
		t.Run(name, func(t *testing.T) {
			g := judge(t, tonight, leaderboard.GateOptions{}, other)
			assert.Equal(t, leaderboard.Refused, g.Decision)
			assert.Nil(t, g.Cells[0].Test)
			assert.Contains(t, g.Paragraph(), "compare anyway with --force")

			g = judge(t, tonight, leaderboard.GateOptions{Force: true}, other)
			assert.NotEqual(t, leaderboard.Refused, g.Decision)
			assert.True(t, g.Forced)
			assert.Contains(t, fmt.Sprint(g.Warnings), "by force")
			assert.Contains(t, g.Paragraph(), "The comparison was forced")

			g = judge(t, tonight, leaderboard.GateOptions{}, other, evening("n2", 2, eval.Incorrect))
			assert.Equal(t, []string{"n2"}, g.Baselines)
			assert.Contains(t, fmt.Sprint(g.Warnings), "baseline n1 is left out")
		})
	}
}

func TestWhatIsUnknownIsNotComparedAndSaid(t *testing.T) {
	bare := altered(evening("n1", 3, eval.Incorrect), func(m *leaderboard.ModelInfo) { m.Engine = "" }, nil)
	g := judge(t, evening("tonight", 3, eval.Incorrect), leaderboard.GateOptions{}, bare)
	assert.NotEqual(t, leaderboard.Refused, g.Decision)
	assert.Contains(t, fmt.Sprint(g.Warnings), "not known of both sides, and so not compared: the engine")
}

func TestAnotherFingerprintIsANote(t *testing.T) {
	one := altered(evening("n1", 3, eval.Incorrect), func(m *leaderboard.ModelInfo) { m.Served = []string{"q", "fp1"} }, nil)
	two := altered(evening("tonight", 3, eval.Incorrect), func(m *leaderboard.ModelInfo) { m.Served = []string{"fp2", "q"} }, nil)
	g := judge(t, two, leaderboard.GateOptions{}, one)
	assert.NotEqual(t, leaderboard.Refused, g.Decision)
	assert.Contains(t, fmt.Sprint(g.Warnings), "the server says it is fp2, q; in n1 it was fp1, q")
}

func TestABrokenNightIsNoRegression(t *testing.T) {
	unfinished := evening("tonight", 30, eval.Incorrect)
	unfinished.Unfinished = true
	missing := source(try("other", "b", 1, 0, eval.Correct))
	missing.Name = "tonight"
	for why, s := range map[string]leaderboard.Source{
		"did not finish":           unfinished,
		"30 of 40 attempts failed": evening("tonight", 30, "error"),
		"is missing in the run":    missing,
	} {
		g := judge(t, s, leaderboard.GateOptions{}, threeNights()...)
		assert.Equal(t, leaderboard.Infrastructure, g.Decision, why)
		assert.Contains(t, g.Paragraph(), why)
	}
	assert.Contains(t, fmt.Sprint(judge(t, missing, leaderboard.GateOptions{}, threeNights()...).Warnings), "other at b is in no baseline")
}

func TestAFewErrorsLeaveTheirProblemsOut(t *testing.T) {
	g := judge(t, evening("tonight", 4, "error"), leaderboard.GateOptions{}, threeNights()...)
	require.NotNil(t, g.Cells[0].Test)
	assert.Equal(t, 18, g.Cells[0].Test.Problems)
	assert.Equal(t, 2, g.Cells[0].Test.LeftOut)
}

func TestBrokenBaselinesAreLeftOut(t *testing.T) {
	half := evening("half", 3, eval.Incorrect)
	half.Unfinished = true
	g := judge(t, evening("tonight", 3, eval.Incorrect), leaderboard.GateOptions{},
		append(threeNights(), half, evening("failed", 20, "error"), evening("tonight", 3, eval.Incorrect))...)
	assert.Equal(t, []string{"n1", "n2", "n3"}, g.Baselines)
	said := fmt.Sprint(g.Warnings)
	for _, want := range []string{"baseline half is left out", "baseline failed is left out", "tonight is the run itself"} {
		assert.Contains(t, said, want)
	}
}

func TestOnlyTheNewestNightSaysWhatMustBeThere(t *testing.T) {
	old, recent := evening("old", 3, eval.Incorrect), evening("recent", 3, eval.Incorrect)
	more := old.Attempts
	old.Attempts = func(yield func(eval.Attempt, error) bool) {
		more(yield)
		yield(try("m", "given up", 1, 0, eval.Correct), nil)
	}
	old.Date, recent.Date = time.Unix(1, 0), time.Unix(2, 0)
	g := judge(t, evening("tonight", 3, eval.Incorrect), leaderboard.GateOptions{}, recent, old)
	assert.NotEqual(t, leaderboard.Infrastructure, g.Decision)
	assert.Equal(t, []string{"old", "recent"}, g.Baselines)
	assert.Contains(t, fmt.Sprint(g.Warnings), "m at given up is in older baselines alone")
}

func TestAGateWithoutABaselineOrWithWrongLimitsIsAnError(t *testing.T) {
	s := evening("tonight", 3, eval.Incorrect)
	for _, baselines := range [][]leaderboard.Source{nil, {s}} {
		_, err := leaderboard.Judge(s, baselines, leaderboard.GateOptions{})
		assert.ErrorContains(t, err, "no baseline is given")
	}
	for _, o := range []leaderboard.GateOptions{{MaxDrop: 2}, {Alpha: 0.7}, {MaxErrors: 3}, {MaxDrop: -1}} {
		_, err := leaderboard.Judge(s, threeNights(), o)
		assert.Error(t, err, "%+v", o)
	}
}

func TestAGateIsWrittenForPeopleAndPrograms(t *testing.T) {
	tonight := evening("runs/<b>|x", 30, eval.Truncated)
	g := judge(t, tonight, leaderboard.GateOptions{}, threeNights()...)
	var text, markdown, js, junit bytes.Buffer
	require.NoError(t, g.Text(&text))
	require.NoError(t, g.Markdown(&markdown))
	require.NoError(t, g.JSON(&js))
	require.NoError(t, g.JUnit(&junit))
	assert.Contains(t, text.String(), "regression")
	outside := regexp.MustCompile("`[^`]*`").ReplaceAllString(markdown.String(), "")
	assert.NotContains(t, outside, "<b>", "only in commands, which a page shows as they are")
	assert.Contains(t, markdown.String(), "`evalr compare", "a command can be copied")
	var parsed struct {
		Decision  string
		Paragraph string
		Cells     []struct {
			Test map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(js.Bytes(), &parsed))
	assert.Equal(t, "regression", parsed.Decision)
	assert.Equal(t, g.Paragraph(), parsed.Paragraph)
	assert.Contains(t, parsed.Cells[0].Test, "night_sd")
	var suite struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Cases    []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
			} `xml:"failure"`
		} `xml:"testsuite>testcase"`
	}
	require.NoError(t, xml.Unmarshal(junit.Bytes(), &suite))
	assert.Equal(t, 1, suite.Tests)
	assert.Equal(t, 1, suite.Failures)
	assert.Contains(t, suite.Cases[0].Failure.Message, "beyond chance")
}

func TestABrokenRunIsAnErrorOfItsSuite(t *testing.T) {
	s := evening("tonight", 3, eval.Incorrect)
	s.Unfinished = true
	var b bytes.Buffer
	require.NoError(t, judge(t, s, leaderboard.GateOptions{}, threeNights()...).JUnit(&b))
	assert.Contains(t, b.String(), `errors="1"`)
	assert.Contains(t, b.String(), `<error message="the run did not finish">`)
}
