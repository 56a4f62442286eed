package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/leaderboard"
)

// A weather is a model server whose answers are drawn anew each night, from
// chances that are each problem's own.
type weather struct {
	*evaltest.Server
	dir string

	mu    sync.Mutex
	night int
	asked map[string]int // of tonight, by question
	drop  float64        // what tonight takes from the chances
	flaky bool           // half of tonight's requests fail
}

var question = regexp.MustCompile(`What is (\d+) plus`)

func newWeather(t *testing.T) *weather {
	w := &weather{dir: t.TempDir(), asked: map[string]int{}}
	w.Server = evaltest.NewServer(t, w.answer)
	w.Fault = func(rw http.ResponseWriter, _ *http.Request, b evaltest.Body) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.flaky || w.draw("fault"+fmt.Sprint(len(w.asked)), len(w.Bodies())) > 0.5 {
			return false
		}
		rw.WriteHeader(http.StatusNotFound) // not tried again, so that the test is quick
		_, _ = fmt.Fprint(rw, `{"error":{"message":"the engine is not there"}}`)
		return true
	}
	w.problems(t, 60)
	spec := fmt.Sprintf("models: [{model: \"vllm:fake@%s\", label: fake}]\nbenchmarks: [%q]\nk: 4\n", w.API(), filepath.Join(w.dir, "sums.jsonl"))
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "evalr.yaml"), []byte(spec), 0o644))
	return w
}

// problems writes the benchmark anew.
func (w *weather) problems(t *testing.T, n int) {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"p%d","question":"What is %d plus 1?","answer":"%d"}`+"\n", i, i, i+1)
	}
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "sums.jsonl"), []byte(b.String()), 0o644))
}

// draw gives a number in [0, 1) that depends on what is asked, how often, and the
// night.
func (w *weather) draw(what string, n int) float64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d\x00%s\x00%d", w.night, what, n)
	x := h.Sum64() // FNV's low bits are poor: stir
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}

func (w *weather) answer(b evaltest.Body) evaltest.Reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := question.FindStringSubmatch(b.Messages[len(b.Messages)-1].Content)
	n, _ := strconv.Atoi(found[1])
	w.asked[found[1]]++
	chance := 0.3 + 0.7*float64(n%10)/9 // from 0.3 to 1
	mood := 0.02 * (w.draw("mood", 0) - 0.5)
	answer := n + 2
	if w.draw(found[1], w.asked[found[1]]) < chance+mood-w.drop {
		answer = n + 1
	}
	return evaltest.Reply{Reasoning: "Let me add.", Text: fmt.Sprintf(`\boxed{%d}`, answer)}
}

// tonight runs the nightly command for the next night.
func (w *weather) tonight(t *testing.T, args ...string) (code int, stdout, stderr string) {
	w.mu.Lock()
	w.night++
	w.asked = map[string]int{}
	w.mu.Unlock()
	return evalr(t, append([]string{"nightly", "-q", "-f", filepath.Join(w.dir, "evalr.yaml"), "--dir", w.nights(),
		"--date", fmt.Sprintf("2026-11-%02d", w.night)}, args...)...)
}

func (w *weather) nights() string { return filepath.Join(w.dir, "nightly") }

func (w *weather) history(t *testing.T) leaderboard.History {
	code, out, errs := evalr(t, "history", w.nights(), "--format", "json")
	require.Zero(t, code, errs)
	var h leaderboard.History
	require.NoError(t, json.Unmarshal([]byte(out), &h))
	return h
}

func TestThirtyNightsAlarmForTheRegressionAlone(t *testing.T) {
	w := newWeather(t)
	special := map[int]int{7: exitInfrastructure, 12: exitRegression, 20: exitInfrastructure, 24: exitUsage}
	for night := 1; night <= 30; night++ {
		w.drop = map[bool]float64{true: 0.2}[night == 12]
		w.flaky = night == 7 || night == 20
		if night == 24 {
			w.problems(t, 61) // the dataset changes, and stays so
		}
		before := len(w.Bodies())
		code, out, errs := w.tonight(t)
		require.Equal(t, special[night], code, "night %d:\n%s\n%s", night, out, errs)
		if night == 12 {
			assert.Equal(t, 2*60*4, len(w.Bodies())-before, "it is asked again before it counts")
			assert.Contains(t, out, "the fresh trials show it too")
		} else if night != 7 && night != 20 {
			assert.LessOrEqual(t, len(w.Bodies())-before, 61*4, "night %d is asked once", night)
		}
	}

	h := w.history(t)
	require.Len(t, h.Nights, 30)
	want := map[int]leaderboard.Decision{7: leaderboard.Infrastructure, 12: leaderboard.Regression, 20: leaderboard.Infrastructure, 24: leaderboard.Refused, 1: leaderboard.First}
	for i, n := range h.Nights {
		assert.Equal(t, fmt.Sprintf("2026-11-%02d", i+1), n.Label)
		if d, ok := want[i+1]; ok {
			assert.Equal(t, d, n.Decision, n.Label)
			continue
		}
		assert.Contains(t, []leaderboard.Decision{leaderboard.Pass, leaderboard.Inconclusive}, n.Decision, "%s: %v", n.Label, n.Reasons)
	}
	require.Len(t, h.Series, 1)
	assert.Equal(t, []string{"2026-11-12"}, h.Series[0].Regressions)
	assert.Empty(t, h.Series[0].FirstRegression, "it has recovered")
	checkReport(t, filepath.Join(w.nights(), latestDir))
}

// checkReport checks that the files of a report are what they should be.
func checkReport(t *testing.T, dir string) {
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return text
	}
	var badge struct {
		SchemaVersion         int
		Label, Message, Color string
	}
	require.NoError(t, json.Unmarshal(read("badge.json"), &badge))
	assert.Equal(t, 1, badge.SchemaVersion)
	assert.Contains(t, badge.Message, "%")
	for _, name := range []string{"junit.xml", "history.svg"} {
		assert.NoError(t, xml.Unmarshal(read(name), new(struct{})), name)
	}
	summary := string(read("summary.md"))
	assert.Contains(t, summary, "### Leaderboard")
	assert.Contains(t, summary, "was worse: 2026-11-12")
}

func TestARegressionStaysOneUntilItIsAccepted(t *testing.T) {
	w := newWeather(t)
	for range 4 {
		code, out, errs := w.tonight(t)
		require.Zero(t, code, out+errs)
	}
	w.drop = 0.25
	for range 2 {
		code, out, errs := w.tonight(t)
		require.Equal(t, exitRegression, code, out+errs)
	}
	assert.Equal(t, "2026-11-05", w.history(t).Series[0].FirstRegression)

	code, _, errs := evalr(t, "history", w.nights(), "--accept", "2026-11-06")
	require.Zero(t, code, errs)
	code, out, errs := w.tonight(t)
	require.Zero(t, code, out+errs)
	code, _, _ = evalr(t, "history", w.nights(), "--accept", "2026-12-24")
	assert.Equal(t, exitUsage, code, "there was no such night")
}

func TestAFinishedNightIsReportedAndNotAskedAgain(t *testing.T) {
	w := newWeather(t)
	summary := filepath.Join(t.TempDir(), "summary")
	t.Setenv("GITHUB_STEP_SUMMARY", summary)
	code, _, errs := w.tonight(t)
	require.Zero(t, code, errs)
	asked := len(w.Bodies())
	w.night--
	code, out, errs := w.tonight(t)
	require.Zero(t, code, errs)
	assert.Len(t, w.Bodies(), asked)
	assert.Contains(t, out, "The first night")
	text, err := os.ReadFile(summary)
	require.NoError(t, err)
	assert.Contains(t, string(text), "## evalr, night of 2026-11-01")
}
