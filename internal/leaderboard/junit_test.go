package leaderboard_test

import (
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

type report struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
	Suites   []struct {
		Name  string `xml:"name,attr"`
		Cases []struct {
			Class      string `xml:"classname,attr"`
			Name       string `xml:"name,attr"`
			Properties []struct {
				Name  string `xml:"name,attr"`
				Value string `xml:"value,attr"`
			} `xml:"properties>property"`
			Failure *result `xml:"failure"`
			Error   *result `xml:"error"`
			Skipped *result `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type result struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func junitOf(t *testing.T, b leaderboard.Board, l leaderboard.Layout) report {
	t.Helper()
	var r report
	require.NoError(t, xml.Unmarshal([]byte(written(t, leaderboard.JUnit, b, l)), &r))
	return r
}

func mixed(t *testing.T) leaderboard.Board {
	s := source(try("a model", "b", 1, 0, eval.Correct), try("a model", "b", 1, 1, eval.Incorrect), try("a model", "b", 2, 0, eval.Truncated),
		try("a model", "b", 2, 1, eval.Incorrect), try("a model", "b", 3, 0, "error"), try("a model", "b", 3, 1, "error"), try("broken", "b", 1, 0, "error"))
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": {Problems: []eval.Problem{{ID: "4"}}}}
	return build(t, s)
}

func TestACaseOfAModelDoesNotFailByItself(t *testing.T) {
	r := junitOf(t, mixed(t), leaderboard.Layout{})
	assert.Equal(t, []int{2, 0, 1, 0}, []int{r.Tests, r.Failures, r.Errors, r.Skipped})
	require.Len(t, r.Suites, 1)
	good, broken := r.Suites[0].Cases[0], r.Suites[0].Cases[1]
	assert.Equal(t, []string{"b", "b", "a model"}, []string{r.Suites[0].Name, good.Class, good.Name})
	assert.Equal(t, "0.2500", good.Properties[0].Value)
	require.NotNil(t, broken.Error)
	assert.Equal(t, "none of 1 attempts has a verdict", broken.Error.Message)
	assert.Equal(t, "evalr show runs/x --benchmark b --model broken --outcome error", broken.Error.Text)
}

func TestACaseOfAProblemFailsIfNoTrialIsCorrect(t *testing.T) {
	r := junitOf(t, mixed(t), leaderboard.Layout{Problems: true})
	assert.Equal(t, []int{6, 1, 2, 2}, []int{r.Tests, r.Failures, r.Errors, r.Skipped})
	cases := r.Suites[0].Cases
	assert.Equal(t, "b.a model", cases[0].Class)
	assert.Nil(t, cases[0].Failure, "one of two trials is correct")
	assert.Equal(t, "0.5000", cases[0].Properties[0].Value)
	assert.Equal(t, &result{"1 incorrect, 1 truncated", "evalr show runs/x --benchmark b --model 'a model' --problem 2"}, cases[1].Failure)
	assert.Equal(t, "2 errors", cases[2].Error.Message, "an error is no failure")
	assert.Equal(t, "not attempted", cases[3].Skipped.Message)
}
