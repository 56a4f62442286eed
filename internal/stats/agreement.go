package stats

// Labels are what raters called a unit: Of has one label a rater, in a fixed order,
// negative where a rater gave none. Times is how many units were called the same.
type Labels struct {
	Of    []int
	Times int
}

// A Kappa says how far two raters agree on the units that both of them labelled.
type Kappa struct {
	// Kappa is Cohen's; unknown, and ok false, if both gave one label throughout.
	Kappa float64
	OK    bool
	// Agreement is the share of units that both labelled alike.
	Agreement float64
	Units     int
}

// CohenKappa compares raters a and b: κ = (p_o - p_e)/(1 - p_e), where p_o is the
// share of units on which they agree and p_e that which their own shares of labels
// would give by chance (J. Cohen, A Coefficient of Agreement for Nominal Scales,
// 1960, Educational and Psychological Measurement 20:37).
func CohenKappa(units []Labels, a, b int) Kappa {
	var k Kappa
	alike := 0
	ofA, ofB := map[int]int{}, map[int]int{}
	for _, u := range units {
		x, y := u.Of[a], u.Of[b]
		if x < 0 || y < 0 {
			continue
		}
		k.Units += u.Times
		ofA[x] += u.Times
		ofB[y] += u.Times
		if x == y {
			alike += u.Times
		}
	}
	if k.Units == 0 {
		return k
	}
	n, chance := k.Units, 0 // chance is p_e·n²
	for label, times := range ofA {
		chance += times * ofB[label]
	}
	k.Agreement = float64(alike) / float64(n)
	if k.OK = chance < n*n; k.OK {
		k.Kappa = float64(alike*n-chance) / float64(n*n-chance)
	}
	return k
}

// KrippendorffAlpha says how far all raters agree, for nominal labels; raters may
// have left units out. It is 1 - D_o/D_e, the disagreement within units over that
// between any two labels: K. Krippendorff, Computing Krippendorff's
// Alpha-Reliability, 2011. Unknown, and ok false, if no unit has two
// labels or all labels are the same.
func KrippendorffAlpha(units []Labels) (alpha float64, ok bool) {
	within, n := 0.0, 0 // within is Σ_u of the pairs that differ over (m_u - 1)
	totals := map[int]int{}
	for _, u := range units {
		of, m := map[int]int{}, 0
		for _, label := range u.Of {
			if label >= 0 {
				of[label]++
				m++
			}
		}
		if m < 2 {
			continue // a label alone is paired with none
		}
		alike := 0
		for label, times := range of {
			alike += times * (times - 1)
			totals[label] += times * u.Times
		}
		n += m * u.Times
		within += float64((m*(m-1)-alike)*u.Times) / float64(m-1)
	}
	differing := n * n // pairs of labels that differ, of all units: Σ_c n_c (n - n_c)
	for _, times := range totals {
		differing -= times * times
	}
	if differing == 0 {
		return 0, false
	}
	return 1 - float64(n-1)*within/float64(differing), true
}
