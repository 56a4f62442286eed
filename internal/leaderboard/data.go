package leaderboard

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// CSV writes one line a row of the board; scores are in [0, 1], what is unknown
// is empty.
func CSV(w io.Writer, b Board, _ Layout) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"model", "benchmark", "problems", "trials", "score", "ci_low", "ci_high", "method",
		"correct", "incorrect", "no_answer", "truncated", "refused", "error", "bound_low", "bound_high", "mean_output_tokens", "warned"})
	number := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'g', -1, 64)
	}
	for _, r := range b.Rows {
		o := r.Outcomes
		line := []string{formula(r.Model), formula(r.Benchmark), strconv.Itoa(r.Problems), strconv.Itoa(r.Trials),
			number(r.Score), number(r.CILow), number(r.CIHigh), r.Method}
		for _, n := range []int{o.Correct, o.Incorrect, o.NoAnswer, o.Truncated, o.Refused, o.Error} {
			line = append(line, strconv.Itoa(n))
		}
		_ = out.Write(append(line, number(r.BoundLow), number(r.BoundHigh), number(r.MeanOutputTokens), strconv.Itoa(r.Warned)))
	}
	out.Flush()
	return out.Error()
}

// formula keeps a spreadsheet from taking a name for a formula.
func formula(s string) string {
	if s = plain(s); s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// JSON writes the board for other programs; the names are a contract. Scores
// are in [0, 1]; what is unknown is null or absent.
func JSON(w io.Writer, b Board, _ Layout) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(b)
}
