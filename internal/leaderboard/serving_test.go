package leaderboard_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// served is a request of benchmark b that was sent queue after start and took total.
func served(problem int, start, queue, total time.Duration) eval.Attempt {
	a := try("m", "b", problem, 0, eval.Correct)
	a.Started = noon.Add(start)
	a.Response.Timing = eval.Timing{Queue: queue, Total: total}
	a.Response.Tries = 1
	return a
}

func serving(t *testing.T, all ...eval.Attempt) []leaderboard.ServingRow {
	t.Helper()
	s, err := leaderboard.BuildServing([]leaderboard.Source{source(all...)})
	require.NoError(t, err)
	return s.Rows
}

func TestConcurrencyIsWhatWasInFlight(t *testing.T) {
	const s = time.Second
	// Three requests: [1,4), [2,6) and [6,8), then nothing until [10,11).
	rows := serving(t, served(0, 0, s, 3*s), served(1, 2*s, 0, 4*s), served(2, 3*s, 3*s, 2*s), served(3, 10*s, 0, s))
	require.Len(t, rows, 1)
	f := rows[0].InFlight
	assert.Equal(t, 2, f.Max, "one that ends when another begins is not with it")
	assert.InDelta(t, 8, f.BusySeconds, 1e-9, "without the two idle seconds")
	assert.InDelta(t, 10./8, f.Mean, 1e-9)
	assert.Equal(t, 4, f.Requests)
}

// The sweep is compared with counting at every instant.
func TestTheSweepIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var all []eval.Attempt
		count := make([]int, 400)
		for i := range 1 + r.IntN(30) {
			start, queue, total := r.IntN(200), r.IntN(20), 1+r.IntN(100)
			all = append(all, served(i, time.Duration(start)*time.Millisecond, time.Duration(queue)*time.Millisecond, time.Duration(total)*time.Millisecond))
			for at := start + queue; at < start+queue+total; at++ {
				count[at]++
			}
		}
		most, busy, sum := 0, 0, 0
		for _, n := range count {
			most, sum = max(most, n), sum+n
			if n > 0 {
				busy++
			}
		}
		f := serving(t, all...)[0].InFlight
		require.Equal(t, most, f.Max)
		require.InDelta(t, float64(busy)/1000, f.BusySeconds, 1e-9)
		require.InDelta(t, float64(sum)/float64(busy), f.Mean, 1e-9)
	}
}

func TestWhatCountsAsServed(t *testing.T) {
	answered := served(0, 0, 0, 3*time.Second)
	answered.Response.Usage.Output = pointer(100)
	answered.Response.Timing.FirstToken, answered.Response.Timing.FirstAnswer = time.Second, 2*time.Second
	cached := served(1, 0, 0, time.Nanosecond)
	cached.Response.Cached, cached.Response.Usage.Output = true, pointer(5000)
	failed := try("m", "b", 2, 0, "error")
	failed.Err = &eval.Failure{Kind: eval.FailRateLimit, Tries: 6}
	failed.Response.Timing.FirstToken = time.Hour
	ungraded := served(3, 0, 0, 6*time.Second)
	ungraded.Err = &eval.Failure{Kind: eval.FailGrader, Tries: 9}
	ungraded.Response.Usage.Output, ungraded.Response.Timing.FirstToken, ungraded.Response.Tries = pointer(100), time.Second, 3
	untimed := try("m", "b", 4, 0, eval.Correct)
	row := serving(t, answered, cached, failed, ungraded, untimed)[0]
	assert.Equal(t, []int{4, 1, 200}, []int{row.Requests, row.Cached, row.Tokens})
	assert.Equal(t, map[string]int{"rate_limit": 1, "grader": 1}, row.Errors)
	assert.Equal(t, leaderboard.Tries{Mean: 10. / 3, Max: 6, N: 3}, *row.Tries)
	assert.Equal(t, leaderboard.Spread{P50: 35, P90: 23, P99: 20.3, N: 2}, *row.Rate, "50 and 20 tokens a second, from the slow side")
	assert.Equal(t, leaderboard.Spread{P50: 1, P90: 1, P99: 1, N: 2}, *row.FirstToken, "a failed request says nothing of it")
	assert.Equal(t, 1, row.FirstAnswer.N)
	assert.Equal(t, 2, row.Queue.N, "what was not timed did not wait 0 seconds")
	assert.InDelta(t, 200./6, *row.Aggregate, 1e-9)
	assert.Nil(t, row.Gaps)
}

func TestTimesThatNobodyCanHaveRecorded(t *testing.T) {
	old, long := served(0, 0, 0, time.Second), served(1, 0, 0, 1<<62)
	old.Started = time.Time{}
	assert.Nil(t, serving(t, old, long)[0].InFlight)
}

// sampledServing has all there is to show: two models, of which one was asked two
// benchmarks, in two runs.
func sampledServing(t *testing.T) leaderboard.Serving {
	t.Helper()
	var all []eval.Attempt
	for i := range 200 {
		luck := chance("serving", i)
		a := served(i, time.Duration(i)*700*time.Millisecond, time.Duration(luck*3000)*time.Millisecond, time.Duration(20+60*luck)*time.Second)
		a.Key.Benchmark = []string{"aime25", "gsm8k"}[i%2]
		if i%4 == 3 {
			a.Key.Model, a.Response.Usage.Estimated = hostile, true
		}
		a.Response.Usage.Output = pointer(int(600 + 3000*luck))
		a.Response.Timing.FirstToken = time.Duration(150+400*luck) * time.Millisecond
		a.Response.Timing.FirstAnswer = time.Duration(10+40*luck) * time.Second
		a.Response.Timing.Gaps = eval.Gaps{N: 600, P50: time.Duration(15+10*luck) * time.Millisecond, P99: time.Duration(80*luck) * time.Millisecond, Max: time.Duration(2*luck*1000) * time.Millisecond}
		switch {
		case luck > 0.95:
			a.Err, a.Response = &eval.Failure{Kind: eval.FailTimeout, Tries: 6}, eval.Response{}
		case luck > 0.9:
			a.Err, a.Response = &eval.Failure{Kind: eval.FailRateLimit, Tries: 4}, eval.Response{}
		case luck < 0.1:
			a.Response.Cached = true
		case luck < 0.2:
			a.Response.Tries = 2
		}
		all = append(all, a)
	}
	first, second := source(all...), source(try("untimed", "b", 0, 0, eval.Correct))
	first.Name, second.Name = "runs/first", "runs/second"
	s, err := leaderboard.BuildServing([]leaderboard.Source{first, second})
	require.NoError(t, err)
	return s
}

func TestGoldensOfServing(t *testing.T) {
	s := sampledServing(t)
	for name, write := range map[string]func(io.Writer, leaderboard.Serving) error{
		"serving.txt": leaderboard.ServingText, "serving.md": leaderboard.ServingMarkdown, "serving.json": leaderboard.ServingJSON,
	} {
		var out bytes.Buffer
		require.NoError(t, write(&out, s))
		golden(t, name, out.String())
	}
	var out bytes.Buffer
	require.NoError(t, leaderboard.ServingText(&out, leaderboard.Serving{}))
	assert.Equal(t, "no attempts are recorded yet\n", out.String())
}

func BenchmarkServing(b *testing.B) {
	var all []eval.Attempt
	for i := range 100_000 {
		a := served(i, time.Duration(i)*time.Millisecond, time.Millisecond, time.Duration(1+i%50)*time.Second)
		a.Key.Benchmark = fmt.Sprint("b", i%4)
		a.Response.Usage.Output = pointer(100)
		a.Response.Timing.FirstToken = time.Second / 2
		all = append(all, a)
	}
	s := source(all...)
	b.ReportAllocs()
	for b.Loop() {
		_, err := leaderboard.BuildServing([]leaderboard.Source{s})
		require.NoError(b, err)
	}
}
