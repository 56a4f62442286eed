package stats_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/stats"
)

// counted is MajAtK by trying every subset of trials.
func counted(counts []int, correct, k int) float64 {
	var class []int
	for c, m := range counts {
		for range m {
			class = append(class, c)
		}
	}
	won, all := 0.0, 0.0
	votes := make([]int, len(counts))
	var choose func(from, left int)
	choose = func(from, left int) {
		if left == 0 {
			all++
			top, ties := slices.Max(votes), 0.0
			for _, v := range votes {
				if v == top {
					ties++
				}
			}
			if votes[correct] == top {
				won += 1 / ties
			}
			return
		}
		for i := from; i <= len(class)-left; i++ {
			votes[class[i]]++
			choose(i+1, left-1)
			votes[class[i]]--
		}
	}
	choose(0, k)
	return won / all
}

func TestMajorityIsTheMeanOverAllSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	tried := [][]int{{1}, {1, 1, 1, 1, 1, 1, 1}, {2, 2, 2, 2}, {0, 3, 3}, {5, 4, 3}, {4, 4, 4}, {6, 1, 1, 1, 1}}
	for range 40 {
		counts := make([]int, 1+r.IntN(6))
		for range 1 + r.IntN(11) {
			counts[r.IntN(len(counts))]++
		}
		tried = append(tried, counts)
	}
	for _, counts := range tried {
		n := 0
		for _, c := range counts {
			n += c
		}
		for k := 1; k <= n; k++ {
			sum := 0.0
			for correct := range counts {
				got, err := stats.MajAtK(counts, correct, k)
				require.NoError(t, err)
				near(t, counted(counts, correct, k), got, counts, correct, k)
				sum += got
			}
			near(t, 1, sum, "one class wins each vote")
		}
	}
}

func TestMajorityRefusesWhatIsNoVote(t *testing.T) {
	for _, c := range []struct {
		counts     []int
		correct, k int
	}{{nil, -1, 1}, {[]int{2, 1}, 0, 4}, {[]int{2, 1}, 0, 0}, {[]int{2, -1}, 0, 1}, {[]int{2, 1}, 2, 1}, {[]int{2, 1}, -2, 1}} {
		_, err := stats.MajAtK(c.counts, c.correct, c.k)
		assert.Error(t, err, "%+v", c)
	}
	got, err := stats.MajAtK([]int{2, 1}, -1, 2)
	require.NoError(t, err)
	assert.Zero(t, got, "no trial is right")
}

func TestMajorityIsExactForManyTrials(t *testing.T) {
	// Two classes alike share the vote evenly whatever the size.
	got, err := stats.MajAtK([]int{1000, 1000}, 1, 999)
	require.NoError(t, err)
	near(t, 0.5, got)
	// All classes alike: each wins one time in as many.
	for _, counts := range [][]int{slices.Repeat([]int{1}, 400), slices.Repeat([]int{4}, 100), slices.Repeat([]int{20}, 20)} {
		got, err = stats.MajAtK(counts, 3, 200)
		require.NoError(t, err)
		near(t, 1/float64(len(counts)), got, "%d classes", len(counts))
	}
}

func BenchmarkMajAtK(b *testing.B) {
	for name, counts := range map[string][]int{
		"64-in-8":    {30, 12, 8, 5, 4, 2, 2, 1},
		"256-in-256": slices.Repeat([]int{1}, 256),
		"300-in-30":  slices.Repeat([]int{10}, 30),
	} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for _, c := range counts {
				n += c
			}
			for b.Loop() {
				_, _ = stats.MajAtK(counts, 0, n/2)
			}
		})
	}
}
