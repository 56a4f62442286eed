package stats_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/stats"
)

// subsets calls f with how many of c correct trials each subset of k in n holds.
func subsets(n, c, k int, f func(correct int)) (count float64) {
	for s := range 1 << n {
		if bits.OnesCount(uint(s)) == k {
			f(bits.OnesCount(uint(s) & (1<<c - 1)))
			count++
		}
	}
	return count
}

func TestPassEstimatorsAreMeansOverAllSubsets(t *testing.T) {
	for n := 1; n <= 9; n++ {
		for c := 0; c <= n; c++ {
			for k := 1; k <= n; k++ {
				some, all, twoThirds := 0.0, 0.0, 0.0
				count := subsets(n, c, k, func(correct int) {
					if correct > 0 {
						some++
					}
					if correct == k {
						all++
					}
					if 3*correct >= 2*k {
						twoThirds++
					}
				})
				got, err := stats.PassAtK(n, c, k)
				require.NoError(t, err)
				near(t, some/count, got, n, c, k)
				got, err = stats.GPassAtK(n, c, k, 1e-12)
				require.NoError(t, err)
				near(t, some/count, got, n, c, k)
				got, err = stats.PassHatK(n, c, k)
				require.NoError(t, err)
				near(t, all/count, got, n, c, k)
				got, err = stats.GPassAtK(n, c, k, 2.0/3)
				require.NoError(t, err)
				near(t, twoThirds/count, got, n, c, k)
			}
		}
	}
}

func TestMoreThanWasTriedIsAnError(t *testing.T) {
	for _, c := range [][3]int{{8, 4, 64}, {0, 0, 1}, {4, 5, 1}, {4, -1, 1}, {4, 2, 0}, {4, 2, -1}, {-1, 0, 1}} {
		for name, f := range map[string]func(n, c, k int) (float64, error){
			"PassAtK": stats.PassAtK, "PassHatK": stats.PassHatK, "MGPassAtK": stats.MGPassAtK,
			"GPassAtK": func(n, c, k int) (float64, error) { return stats.GPassAtK(n, c, k, 0.5) },
		} {
			_, err := f(c[0], c[1], c[2])
			assert.Error(t, err, "%s%v", name, c)
		}
	}
	for _, tau := range []float64{-0.1, 1.1} {
		_, err := stats.GPassAtK(4, 2, 2, tau)
		assert.Error(t, err)
	}
}

func TestAnOddKKeepsAPerfectModelBelowOne(t *testing.T) {
	got, err := stats.MGPassAtK(5, 5, 5)
	require.NoError(t, err)
	near(t, 0.8, got)
	got, err = stats.MGPassAtK(5, 5, 1)
	require.NoError(t, err)
	assert.Zero(t, got)
}

func FuzzPassAtK(f *testing.F) {
	f.Add(64, 13, 16, 0.5)
	f.Add(1, 0, 1, 1.0)
	f.Add(2000, 1000, 1000, 0.01)
	f.Fuzz(func(t *testing.T, n, c, k int, tau float64) {
		if n > 5000 {
			return
		}
		some, err := stats.PassAtK(n, c, k)
		if err != nil {
			return
		}
		all, _ := stats.PassHatK(n, c, k)
		between, err := stats.GPassAtK(n, c, k, tau)
		if err != nil {
			between = some
		}
		assert.True(t, 0 <= all && all <= between+1e-9 && between <= some+1e-9 && some <= 1, "%d %d %d %v: %v %v %v", n, c, k, tau, all, between, some)
	})
}
