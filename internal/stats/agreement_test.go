package stats_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/stats"
)

// rated reads one row of labels a rater, "." where there is none, into units.
func rated(rows ...string) []stats.Labels {
	var out []stats.Labels
	for i := range strings.Fields(rows[0]) {
		u := stats.Labels{Times: 1}
		for _, row := range rows {
			label := -1
			if f := strings.Fields(row)[i]; f != "." {
				label = int(f[0])
			}
			u.Of = append(u.Of, label)
		}
		out = append(out, u)
	}
	return out
}

// The wanted values are fractions worked out by hand from the coincidence
// matrices.
func TestKrippendorffAlpha(t *testing.T) {
	for name, c := range map[string]struct {
		units []stats.Labels
		want  float64
	}{
		// Krippendorff's own data: two observers, binary; two observers, five names;
		// four observers with gaps; and the three coders of the encyclopedias.
		"binary":  {rated("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 2. / 21},
		"nominal": {rated("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 155. / 224},
		"gaps":    {rated("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."), 113. / 152},
		"three":   {rated(". . . . . 3 4 1 2 1 1 3 3 . 3", "1 . 2 1 3 3 4 3 . . . . . . .", ". . 2 1 3 4 4 . 2 1 1 3 3 . 4"), 56. / 81},
		// Four labels, o_ab = o_ba = 1, o_aa = 2: D_o = 2/4, D_e = 2·3·1/(4·3).
		"by hand": {rated("a a", "a b"), 0},
		// Two units that differ: D_o = 1, D_e = 2·2·2/(4·3) = 2/3.
		"opposed":     {rated("a b", "b a"), -0.5},
		"of one mind": {rated("a b a", "a b a"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := stats.KrippendorffAlpha(c.units)
			require.True(t, ok)
			assert.InDelta(t, c.want, got, 1e-12)
		})
	}
	for name, units := range map[string][]stats.Labels{"nothing": nil, "alone": rated("a b", ". ."), "one label": rated("a a", "a a")} {
		_, ok := stats.KrippendorffAlpha(units)
		assert.False(t, ok, name)
	}
}

func TestCohenKappa(t *testing.T) {
	// 20 units yes/yes, 5 yes/no, 10 no/yes, 15 no/no:
	// p_o = 35/50, p_e = (25·30 + 25·20)/50² = 1/2, κ = 0.2/0.5.
	units := []stats.Labels{{Of: []int{1, 1}, Times: 20}, {Of: []int{1, 0}, Times: 5}, {Of: []int{0, 1}, Times: 10}, {Of: []int{0, 0}, Times: 15}, {Of: []int{-1, 0}, Times: 9}}
	k := stats.CohenKappa(units, 0, 1)
	assert.True(t, k.OK)
	assert.InDelta(t, 0.4, k.Kappa, 1e-12)
	assert.InDelta(t, 0.7, k.Agreement, 1e-12)
	assert.Equal(t, 50, k.Units, "what one of them left out does not count")
	// Three labels: p_o = 3/6, p_e = (2·3 + 2·1 + 2·2)/36 = 1/3, κ = (1/6)/(2/3).
	k = stats.CohenKappa(rated("a a b b c c", "a a a c c b"), 0, 1)
	assert.InDelta(t, 0.25, k.Kappa, 1e-12)
	k = stats.CohenKappa(rated("a a", "a a"), 0, 1)
	assert.False(t, k.OK, "chance alone would agree as well")
	assert.InDelta(t, 1, k.Agreement, 0)
	assert.Equal(t, stats.Kappa{}, stats.CohenKappa(rated("a .", ". b"), 0, 1))
}

// Raters who guess agree by chance alone, and units told once with their number
// are as units told singly.
func TestAgreementOfGuesses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var single []stats.Labels
	counted := map[[3]int]int{}
	for range 20000 {
		u := [3]int{r.IntN(3), r.IntN(2), r.IntN(4) - 1}
		single = append(single, stats.Labels{Of: u[:], Times: 1})
		counted[u]++
	}
	var together []stats.Labels
	for u, n := range counted {
		together = append(together, stats.Labels{Of: append([]int(nil), u[:]...), Times: n})
	}
	k := stats.CohenKappa(single, 0, 1)
	assert.InDelta(t, 0, k.Kappa, 4/math.Sqrt(20000))
	a, _ := stats.KrippendorffAlpha(single)
	b, _ := stats.KrippendorffAlpha(together)
	assert.InDelta(t, a, b, 1e-12)
	assert.InDelta(t, k.Kappa, stats.CohenKappa(together, 0, 1).Kappa, 1e-12)
}
