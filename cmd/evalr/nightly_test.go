package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

// onceMore runs the nightly command for the same night again.
func (w *weather) onceMore(t *testing.T, args ...string) (code int, stdout, stderr string) {
	w.night--
	return w.tonight(t, args...)
}

func (w *weather) folder() string {
	return filepath.Join(w.nights(), fmt.Sprintf("2026-11-%02d", w.night))
}

func TestAVerdictIsOfWhatWasAsked(t *testing.T) {
	w := newWeather(t)
	w.tonight(t)
	w.problems(t, 61)
	code, _, _ := w.tonight(t)
	require.Equal(t, exitUsage, code)
	asked := len(w.Bodies())
	code, out, errs := w.onceMore(t, "--force")
	assert.Zero(t, code, errs)
	assert.Contains(t, out, "by force, in spite of the problems")
	code, _, _ = w.onceMore(t)
	assert.Equal(t, exitUsage, code, "force is not for good")
	assert.Len(t, w.Bodies(), asked)
}

func TestDamagedNightsDoNotStopTonight(t *testing.T) {
	w := newWeather(t)
	for range 4 {
		w.tonight(t)
	}
	for night, file := range map[int]string{1: "run.json", 2: "attempts.jsonl", 3: gateFile} {
		require.NoError(t, os.WriteFile(filepath.Join(w.nights(), fmt.Sprintf("2026-11-%02d", night), file), []byte("{\n{\n"), 0o644))
	}
	require.NoError(t, os.Mkdir(filepath.Join(w.nights(), "foreign"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(w.nights(), "file"), nil, 0o644))
	require.NoError(t, os.RemoveAll(filepath.Join(w.nights(), latestDir)))
	code, out, errs := w.tonight(t)
	require.Zero(t, code, errs)
	for _, want := range []string{"2026-11-01/run.json", "2026-11-02/attempts.jsonl", "2026-11-03/gate.json"} {
		assert.Contains(t, out, want)
	}
	code, _, errs = evalr(t, "history", w.nights())
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "warning: night 2026-11-01 is left out")

	require.NoError(t, os.WriteFile(filepath.Join(w.folder(), gateFile), nil, 0o644))
	code, _, errs = w.onceMore(t)
	require.Zero(t, code, errs)
	require.NoError(t, os.WriteFile(filepath.Join(w.folder(), "run.json"), nil, 0o644))
	code, _, errs = w.onceMore(t)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "give another --date")
}

func TestARetryAsksWhatFailedOfANightThatFinished(t *testing.T) {
	w := newWeather(t)
	w.tonight(t)
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "evalr.yaml"), append(w.spec(t), "max_errors: 1\n"...), 0o644))
	w.flaky = true
	code, _, errs := w.tonight(t)
	require.Equal(t, exitInfrastructure, code, errs)
	w.flaky = false
	failed := 0
	run, err := store.Open(w.folder())
	require.NoError(t, err)
	for a, err := range run.Attempts() {
		require.NoError(t, err)
		if a.Err != nil {
			failed++
		}
	}
	require.Positive(t, failed)
	before := len(w.Bodies())
	code, _, errs = w.onceMore(t)
	require.Zero(t, code, errs)
	assert.Equal(t, failed, len(w.Bodies())-before)
}

func (w *weather) spec(t *testing.T) []byte {
	text, err := os.ReadFile(filepath.Join(w.dir, "evalr.yaml"))
	require.NoError(t, err)
	return text
}

// TestAFailureWhileAskingAgainIsNoRegression lets the server break once a
// regression is suspected; the same command ends what was begun.
func TestAFailureWhileAskingAgainIsNoRegression(t *testing.T) {
	w := newWeather(t)
	for range 3 {
		w.tonight(t)
	}
	w.drop = 0.3
	before := len(w.Bodies())
	w.Fault = func(rw http.ResponseWriter, _ *http.Request, _ evaltest.Body) bool {
		if len(w.Bodies())-before <= 60*4+10 {
			return false
		}
		rw.WriteHeader(http.StatusNotFound)
		return true
	}
	code, out, errs := w.tonight(t)
	require.Equal(t, exitInfrastructure, code, errs)
	assert.Contains(t, out, "a regression is suspected, and asking again failed")
	assert.FileExists(t, filepath.Join(w.nights(), latestDir, "summary.md"))
	w.Fault = nil
	code, out, errs = w.onceMore(t)
	require.Equal(t, exitRegression, code, errs)
	assert.Contains(t, out, "the fresh trials show it too")
	seen := attemptKeys(t, w.folder())
	assert.Len(t, seen, 2*60*4)
}

// TestFreshTrialsDoNotJudgeFirst: what a night that was killed while it was asked
// again has of fresh trials is not part of the first judgement.
func TestFreshTrialsDoNotJudgeFirst(t *testing.T) {
	w := newWeather(t)
	for range 3 {
		w.tonight(t)
	}
	w.drop = 0.3
	code, _, _ := w.tonight(t)
	require.Equal(t, exitRegression, code)
	require.NoError(t, os.Remove(filepath.Join(w.folder(), gateFile)))
	asked := len(w.Bodies())
	code, _, errs := w.onceMore(t)
	require.Equal(t, exitRegression, code, errs)
	assert.Contains(t, errs, "a regression is suspected")
	assert.Len(t, w.Bodies(), asked)
}

func TestAskingAgainAfterAdaptiveSamplingCostsAsMuchAgain(t *testing.T) {
	w := newWeather(t)
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "evalr.yaml"), append(w.spec(t), "until: 6pp\nk_max: 32\n"...), 0o644))
	for range 3 {
		w.tonight(t)
	}
	w.drop = 0.4
	before := len(w.Bodies())
	code, _, errs := w.tonight(t)
	require.Equal(t, exitRegression, code, errs)
	spent := adaptiveOf(t, w.folder()).Spent
	assert.LessOrEqual(t, len(w.Bodies())-before, 2*spent+60)
	before = len(w.Bodies())
	code, _, _ = w.onceMore(t)
	assert.Equal(t, exitRegression, code)
	assert.Len(t, w.Bodies(), before)
}

func TestAnAcceptedNightIsNoFailureAnyMore(t *testing.T) {
	w := newWeather(t)
	for range 3 {
		w.tonight(t)
	}
	w.drop = 0.3
	code, _, errs := w.tonight(t)
	require.Equal(t, exitRegression, code)
	assert.Contains(t, errs, "hint: if the lower level is right: evalr history "+w.nights()+" --accept 2026-11-04")
	code, _, errs = evalr(t, "history", w.nights(), "--accept", filepath.Base(w.folder()))
	require.Zero(t, code, errs)
	code, _, errs = w.onceMore(t)
	assert.Zero(t, code, errs)
	assert.Contains(t, errs, "was accepted")

	w.flaky = true
	code, _, _ = w.tonight(t)
	require.Equal(t, exitInfrastructure, code)
	code, _, errs = evalr(t, "history", w.nights(), "--accept", filepath.Base(w.folder()))
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "is broken, and no level to judge by")
}

func TestASummaryThatCannotBeWrittenHidesNoVerdict(t *testing.T) {
	w := newWeather(t)
	t.Setenv("GITHUB_STEP_SUMMARY", filepath.Join(t.TempDir(), "none", "summary"))
	code, _, errs := w.tonight(t)
	assert.Zero(t, code)
	assert.Contains(t, errs, "warning: the step's summary (GITHUB_STEP_SUMMARY) is not written")
}

func TestALongSummaryIsCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary")
	t.Setenv("GITHUB_STEP_SUMMARY", path)
	require.NoError(t, appendSummary(strings.Repeat("é", stepSummary)))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(text), stepSummary)
	assert.Contains(t, string(text), "cut here")
}

// TestANightGoesOnAfterMidnight looks at the names that are chosen.
func TestANightGoesOnAfterMidnight(t *testing.T) {
	w := newWeather(t)
	w.flaky = true
	o := nightlyOptions{streams: streams{err: new(strings.Builder)}, file: filepath.Join(w.dir, "evalr.yaml"), dir: w.nights()}
	code, _, _ := evalr(t, "nightly", "-q", "-f", o.file, "--dir", o.dir) // begins now
	require.Equal(t, exitInfrastructure, code)
	today := time.Now().UTC()
	named := func(at time.Time) string {
		o.now = func() time.Time { return at }
		spec, err := o.spec()
		require.NoError(t, err)
		return filepath.Base(spec.Out)
	}
	begun := today.Format("2006-01-02")
	midnight := today.Truncate(24 * time.Hour).Add(24*time.Hour + time.Minute)
	require.NoError(t, os.Rename(filepath.Join(o.dir, begun), filepath.Join(o.dir, "moved")))
	assert.Equal(t, begun, named(today))
	require.NoError(t, os.Rename(filepath.Join(o.dir, "moved"), filepath.Join(o.dir, begun)))
	started := func(at time.Time) {
		j, err := store.Resume(filepath.Join(o.dir, begun))
		require.NoError(t, err)
		require.NoError(t, j.SetManifest(func(m *store.Manifest) { m.Started = at }))
		require.NoError(t, j.Close())
	}
	started(midnight.Add(-2 * time.Minute))
	assert.Equal(t, begun, named(midnight), "it is not judged yet")
	next := midnight.Format("2006-01-02")
	started(midnight.Add(-13 * time.Hour))
	assert.Equal(t, next, named(midnight), "that night is over")
	started(midnight.Add(-2 * time.Minute))
	w.flaky = false
	code, _, errs := evalr(t, "nightly", "-q", "-f", o.file, "--dir", o.dir, "--date", begun)
	require.Zero(t, code, errs)
	assert.Equal(t, next, named(midnight), "that night is judged")
}

func TestASeedIsWarnedOf(t *testing.T) {
	w := newWeather(t)
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "evalr.yaml"), append(w.spec(t), "seed: 1\n"...), 0o644))
	code, _, errs := w.tonight(t)
	assert.Zero(t, code)
	assert.Contains(t, errs, "warning: with a seed")
}

func TestAlphaIsAChance(t *testing.T) {
	for _, alpha := range []string{"0", "-1", "0.5", "NaN"} {
		code, _, errs := evalr(t, "gate", t.TempDir(), "--baseline", t.TempDir(), "--alpha", alpha)
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, errs, "--alpha: ", alpha)
	}
}
