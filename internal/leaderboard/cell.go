package leaderboard

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Cells are texts as people read them: percent with one decimal, or two where
// the error is small enough for them to mean something.

func or(s string) string {
	if s == "" {
		return none
	}
	return s
}

func rankCell(r Row) string {
	if r.Rank == nil {
		return none
	}
	if r.Rank.Best == r.Rank.Worst {
		return strconv.Itoa(r.Rank.Place)
	}
	return fmt.Sprintf("%d (%d–%d)", r.Rank.Place, r.Rank.Best, r.Rank.Worst)
}

func modelCell(r Row) string {
	return r.Model + r.Marks()
}

// Marks are the signs that follow a model's name: ‡ contaminated, † incomplete,
// § third party.
func (r Row) Marks() string {
	marks := ""
	if r.Contaminated > 0 {
		marks += "‡"
	}
	if r.Incomplete {
		marks += "†"
	}
	if r.ThirdParty != nil {
		marks += "§"
	}
	return marks
}

// interval writes a share in percent with its interval: ± where that is nearly
// symmetrical, both ends where it is not.
func interval(x, low, high *float64) string {
	if x == nil {
		return none
	}
	if low == nil || high == nil {
		return inPercent(*x, 1)
	}
	below, above := 100*(*x-*low), 100*(*high-*x)
	half := (below + above) / 2
	places := honest(*x, placesFor(half))
	if math.Abs(below-above) <= 0.1*half {
		return fmt.Sprintf("%.*f ±%.*f", places, 100**x, places, half)
	}
	return fmt.Sprintf("%.*f [%.*f, %.*f]", places, 100**x, places, 100**low, places, 100**high)
}

// placesFor gives the decimals that mean something beside a half width.
func placesFor(half float64) int {
	if half < 1 {
		return 2
	}
	return 1
}

// honest gives as many more places, up to four, as a share needs in order not to
// be written as none or all if it is neither.
func honest(x float64, places int) int {
	for ; places < 4; places++ {
		written := math.Round(x * math.Pow10(places+2))
		if (written > 0 || x <= negligible) && (written < math.Pow10(places+2) || x >= 1-negligible) {
			break
		}
	}
	return places
}

// inPercent writes a share.
func inPercent(x float64, places int) string { return fmt.Sprintf("%.*f", honest(x, places), 100*x) }

func rerunCell(r Row) string {
	if r.RerunLow == nil {
		return none
	}
	half := 50 * (*r.RerunHigh - *r.RerunLow)
	return fmt.Sprintf("%.*f", placesFor(half), half)
}

func nkCell(r Row) string {
	if r.ThirdParty != nil {
		return none
	}
	return fmt.Sprintf("%d×%d", r.Problems, r.Trials)
}

// share writes a part in percent. What is not none is not written as 0.0%, nor
// what is not all as 100.0%.
func share(n, of int) string {
	if of == 0 {
		return none
	}
	switch percent := 100 * float64(n) / float64(of); {
	case n > 0 && percent < 0.05:
		return "<0.1%"
	case n < of && percent >= 99.95:
		return ">99.9%"
	default:
		return fmt.Sprintf("%.1f%%", percent)
	}
}

func outcomeCell(of func(Outcomes) int) func(Row) string {
	return func(r Row) string { return share(of(r.Outcomes), r.Outcomes.Judged()) }
}

func boundsCell(r Row) string {
	if r.Outcomes.Error == 0 || r.BoundLow == nil {
		return none
	}
	return fmt.Sprintf("%.1f–%.1f", 100**r.BoundLow, 100**r.BoundHigh)
}

func tokensCell(of func(Tokens) *float64) func(Row) string {
	return func(r Row) string {
		if r.Tokens == nil {
			return none
		}
		text := count3(of(*r.Tokens))
		if r.Tokens.Estimated && text != none {
			return "~" + text
		}
		return text
	}
}

// count3 writes a number of tokens.
func count3(x *float64) string {
	if x == nil {
		return none
	}
	return grouped(int64(math.Round(*x)))
}

// grouped writes an integer with its thousands apart.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, parts...), ",")
}

func costCell(of func(Cost) *float64) func(Row) string {
	return func(r Row) string {
		if r.Cost == nil {
			return none
		}
		x := of(*r.Cost)
		if x == nil {
			return none
		}
		return dollars(*x)
	}
}

func speedCell(of func(Speed) *float64, format string) func(Row) string {
	return func(r Row) string {
		if r.Speed == nil || of(*r.Speed) == nil {
			return none
		}
		return fmt.Sprintf(format, *of(*r.Speed))
	}
}

func deltaCell(r Row) string {
	if r.Delta == nil {
		return none
	}
	d := r.Delta
	star := ""
	if d.Significant() {
		star = "*"
	}
	return d.points() + star
}

// points writes a difference in percentage points with its interval.
func (p Paired) points() string {
	places := placesFor(50 * (p.High - p.Low))
	return fmt.Sprintf("%+.*f [%+.*f, %+.*f]", places, 100*p.Diff, places, 100*p.Low, places, 100*p.High)
}

func pCell(r Row) string {
	if r.Delta == nil {
		return none
	}
	return pValue(r.Delta.Adjusted)
}

// pValue writes a p value, with a figure more where it would else be said to be
// the level itself.
func pValue(p float64) string {
	switch {
	case p < 0.001:
		return "<0.001"
	case math.Abs(p-alpha) < 0.0005 && p != alpha:
		return fmt.Sprintf("%.4f", p)
	case p < 0.1:
		return fmt.Sprintf("%.3f", p)
	}
	return fmt.Sprintf("%.2f", p)
}

func paramsCell(r Row) string {
	if r.Facts == nil {
		return none
	}
	one := func(x *float64) string {
		if x == nil {
			return "?"
		}
		if r.Facts.ParamsServed { // a count of all weights to the last one
			return strconv.FormatFloat(*x, 'g', 4, 64) + "B"
		}
		return strconv.FormatFloat(*x, 'g', -1, 64) + "B"
	}
	if r.Facts.ActiveParams == nil && r.Facts.TotalParams == nil {
		return none
	}
	text := one(r.Facts.ActiveParams) + "/" + one(r.Facts.TotalParams)
	if r.Facts.ParamsServed {
		text += " (as served)"
	}
	return text
}

func openCell(r Row) string {
	switch {
	case r.Facts == nil || r.Facts.OpenWeights == nil:
		return none
	case *r.Facts.OpenWeights:
		return "yes"
	}
	return "no"
}

func factCell(of func(Facts) string) func(Row) string {
	return func(r Row) string {
		if r.Facts == nil {
			return none
		}
		return or(of(*r.Facts))
	}
}

// estimateCell writes an estimate that may not be had: with more trials than
// were made it is n/a, never a padded mean.
func estimateCell(r Row, of func(*sheet) (float64, error)) string {
	if r.sheet == nil {
		return none
	}
	x, err := of(r.sheet)
	if err != nil {
		return "n/a"
	}
	return inPercent(x, 1)
}

func warnedCell(r Row) string {
	if r.ThirdParty != nil {
		return none
	}
	return strconv.Itoa(r.Warned)
}

func ratingCell(r Row) string {
	if r.sheet == nil {
		return none
	}
	rating, se, err := r.sheet.rating()
	if err != nil {
		return none
	}
	return fmt.Sprintf("%.0f ±%.0f", rating, se)
}
