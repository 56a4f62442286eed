package leaderboard

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A field is a column of the CSV.
type field struct {
	name string
	of   func(Row) string
}

// CSV writes one line a row of the board, and then of its groups, of which the
// column "by" says what they are. Shares are in [0, 1]; what is unknown is empty.
// New columns come after the old ones, of which names and order are a contract;
// those of pass@K and of measures are last and as many as the board has.
func CSV(w io.Writer, b Board, _ Layout) error {
	fields := slices.Concat(oldFields, newFields(), b.openFields())
	out := csv.NewWriter(w)
	var line []string
	for _, f := range fields {
		line = append(line, f.name)
	}
	_ = out.Write(append(line, "by"))
	rows := func(list []Row, by string) {
		for _, r := range list {
			line = line[:0]
			for _, f := range fields {
				line = append(line, f.of(r))
			}
			_ = out.Write(append(line, by))
		}
	}
	rows(b.Rows, "")
	rows(b.Groups, string(b.By))
	out.Flush()
	return out.Error()
}

var oldFields = []field{
	{"model", func(r Row) string { return formula(r.Model) }},
	{"benchmark", func(r Row) string { return formula(r.Benchmark) }},
	{"problems", func(r Row) string { return strconv.Itoa(r.Problems) }},
	{"trials", func(r Row) string { return strconv.Itoa(r.Trials) }},
	{"score", func(r Row) string { return number(r.Score) }},
	{"ci_low", func(r Row) string { return number(r.CILow) }},
	{"ci_high", func(r Row) string { return number(r.CIHigh) }},
	{"method", func(r Row) string { return r.Method }},
	{"correct", func(r Row) string { return strconv.Itoa(r.Outcomes.Correct) }},
	{"incorrect", func(r Row) string { return strconv.Itoa(r.Outcomes.Incorrect) }},
	{"no_answer", func(r Row) string { return strconv.Itoa(r.Outcomes.NoAnswer) }},
	{"truncated", func(r Row) string { return strconv.Itoa(r.Outcomes.Truncated) }},
	{"refused", func(r Row) string { return strconv.Itoa(r.Outcomes.Refused) }},
	{"error", func(r Row) string { return strconv.Itoa(r.Outcomes.Error) }},
	{"bound_low", func(r Row) string { return number(r.BoundLow) }},
	{"bound_high", func(r Row) string { return number(r.BoundHigh) }},
	{"mean_output_tokens", func(r Row) string { return number(r.MeanOutputTokens) }},
	{"warned", func(r Row) string { return strconv.Itoa(r.Warned) }},
}

// newFields came later. Parts of a row that it may lack are read as empty ones.
func newFields() []field {
	rank := func(of func(Rank) string) func(Row) string {
		return func(r Row) string {
			if r.Rank == nil {
				return ""
			}
			return of(*r.Rank)
		}
	}
	tokens := part(func(r Row) *Tokens { return r.Tokens })
	cost := part(func(r Row) *Cost { return r.Cost })
	speed := part(func(r Row) *Speed { return r.Speed })
	delta := part(func(r Row) *Delta { return r.Delta })
	facts := part(func(r Row) *Facts { return r.Facts })
	judges := part(func(r Row) *Judges { return r.Judges })
	return []field{
		{"domain", func(r Row) string { return formula(r.Domain) }},
		{"part", func(r Row) string { return formula(r.Part) }},
		{"run", func(r Row) string { return formula(r.Run) }},
		{"rank", rank(func(k Rank) string { return strconv.Itoa(k.Place) })},
		{"rank_best", rank(func(k Rank) string { return strconv.Itoa(k.Best) })},
		{"rank_worst", rank(func(k Rank) string { return strconv.Itoa(k.Worst) })},
		{"top", rank(func(k Rank) string { return strconv.FormatBool(k.Top) })},
		{"se", func(r Row) string { return number(r.SE) }},
		{"rerun_low", func(r Row) string { return number(r.RerunLow) }},
		{"rerun_high", func(r Row) string { return number(r.RerunHigh) }},
		{"rerun_se", func(r Row) string { return number(r.RerunSE) }},
		{"tokens_p50", tokens(func(t *Tokens) *float64 { return &t.P50 })},
		{"tokens_p90", tokens(func(t *Tokens) *float64 { return &t.P90 })},
		{"tokens_p99", tokens(func(t *Tokens) *float64 { return &t.P99 })},
		{"tokens_per_correct", tokens(func(t *Tokens) *float64 { return t.PerCorrect })},
		{"tokens_correct_p50", tokens(func(t *Tokens) *float64 { return t.CorrectP50 })},
		{"tokens_wrong_p50", tokens(func(t *Tokens) *float64 { return t.WrongP50 })},
		{"cost_usd", cost(func(c *Cost) *float64 { return &c.Total })},
		{"cost_per_correct_usd", cost(func(c *Cost) *float64 { return c.PerCorrect })},
		{"tokens_per_second_p50", speed(func(s *Speed) *float64 { return s.TokensPerSecond })},
		{"first_token_seconds_p50", speed(func(s *Speed) *float64 { return s.FirstTokenP50 })},
		{"first_token_seconds_p90", speed(func(s *Speed) *float64 { return s.FirstTokenP90 })},
		{"delta", delta(func(d *Delta) *float64 { return &d.Diff })},
		{"delta_low", delta(func(d *Delta) *float64 { return &d.Low })},
		{"delta_high", delta(func(d *Delta) *float64 { return &d.High })},
		{"delta_p", delta(func(d *Delta) *float64 { return &d.P })},
		{"delta_p_holm", delta(func(d *Delta) *float64 { return &d.Adjusted })},
		{"in_process_asserts", func(r Row) string { return strconv.Itoa(r.InProcess) }},
		{"contaminated", func(r Row) string { return strconv.Itoa(r.Contaminated) }},
		{"incomplete", func(r Row) string { return strconv.FormatBool(r.Incomplete) }},
		{"third_party_source", thirdField(func(t ThirdParty) string { return t.Source })},
		{"third_party_reported_by", thirdField(func(t ThirdParty) string { return t.ReportedBy })},
		{"total_params_b", facts(func(f *Facts) *float64 { return f.TotalParams })},
		{"active_params_b", facts(func(f *Facts) *float64 { return f.ActiveParams })},
		{"open_weights", func(r Row) string {
			if r.Facts == nil || r.Facts.OpenWeights == nil {
				return ""
			}
			return strconv.FormatBool(*r.Facts.OpenWeights)
		}},
		{"released", func(r Row) string {
			if r.Facts == nil {
				return ""
			}
			return formula(r.Facts.Released)
		}},
		{"engine", func(r Row) string { return formula(r.Engine) }},
		{"preset", func(r Row) string { return formula(r.Preset) }},
		{"date", func(r Row) string { return r.Date }},
		{"warnings", func(r Row) string { return formula(strings.Join(r.Warnings, "; ")) }},
		{"judge_cost_usd", judges(func(j *Judges) *float64 { return j.Cost })},
		{"judge_alpha", judges(func(j *Judges) *float64 { return j.Alpha })},
	}
}

// part makes fields of something that a row may lack.
func part[T any](of func(Row) *T) func(func(*T) *float64) func(Row) string {
	return func(figure func(*T) *float64) func(Row) string {
		return func(r Row) string {
			p := of(r)
			if p == nil {
				return ""
			}
			return number(figure(p))
		}
	}
}

func thirdField(of func(ThirdParty) string) func(Row) string {
	return func(r Row) string {
		if r.ThirdParty == nil {
			return ""
		}
		return formula(of(*r.ThirdParty))
	}
}

// openFields are those of which the board says how many there are.
func (b Board) openFields() []field {
	ks, measures := map[int]bool{}, map[string]bool{}
	for _, r := range slices.Concat(b.Rows, b.Groups) {
		for k := range r.PassAt {
			ks[k] = true
		}
		for name := range r.Measures {
			measures[name] = true
		}
	}
	var out []field
	for _, k := range slices.Sorted(maps.Keys(ks)) {
		out = append(out, field{fmt.Sprintf("pass@%d", k), func(r Row) string { return entry(r.PassAt, k) }})
	}
	for _, name := range slices.Sorted(maps.Keys(measures)) {
		out = append(out, field{"cot." + formula(name), func(r Row) string { return entry(r.Measures, name) }})
	}
	return out
}

func entry[K comparable](m map[K]float64, key K) string {
	if x, ok := m[key]; ok {
		return number(&x)
	}
	return ""
}

func number(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

// formula keeps a spreadsheet from taking a name for a formula.
func formula(s string) string {
	if s = plain(s); s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
