package cot_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/scoring/cot"
)

// shared gives a path of the shared reference data, or skips.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("EVALR_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is absent: set EVALR_SHARED to the shared reference data to run this test", path)
	}
	return path
}

// responses gives the responses of a recorded transcript, in order.
func responses(t testing.TB, name string) []string {
	t.Helper()
	f, err := os.Open(shared(t, "transcripts", name))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var out []string
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var row struct {
			Response string `json:"response"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		out = append(out, row.Response)
	}
	require.NoError(t, lines.Err())
	return out
}

// A label is what a careful reader makes of one equation; see testdata/README.md.
type label struct {
	File       string
	Row        int
	Start, End int
	Label      string
	Note       string
	Set        string
}

func labels(t *testing.T) []label {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "arithmetic_labels.jsonl"))
	require.NoError(t, err)
	var out []label
	for line := range bytes.Lines(data) {
		var l label
		require.NoError(t, json.Unmarshal(line, &l))
		out = append(out, l)
	}
	return out
}

// overlap is how much two spans share, in parts of what they cover together.
func (l label) overlap(c cot.Claim) float64 {
	both := min(l.End, c.End) - max(l.Start, c.Start)
	return float64(both) / float64(max(l.End, c.End)-min(l.Start, c.Start))
}

// side groups kinds by what they say of the equation.
func side(kind string) string {
	switch kind {
	case "ok", "approximate":
		return "right"
	case "wrong", "retracted":
		return "wrong"
	}
	return "skipped"
}

// A tally counts, for one side, labels and claims.
type tally struct{ labels, found, claims, confirmed int }

// TestTheCheckOfArithmeticAgreesWithCarefulReaders holds the check to 98% of
// precision on labels that were made before it was written. Recall is printed.
func TestTheCheckOfArithmeticAgreesWithCarefulReaders(t *testing.T) {
	texts := map[string][]string{}
	claims := map[string]map[int][]cot.Claim{}
	counts := map[string]map[string]*tally{}
	for _, l := range labels(t) {
		if texts[l.File] == nil {
			texts[l.File], claims[l.File] = responses(t, l.File), map[int][]cot.Claim{}
		}
		text := texts[l.File][l.Row]
		if claims[l.File][l.Row] == nil {
			claims[l.File][l.Row] = cot.Arithmetic(text)
		}
		if counts[l.Set] == nil {
			counts[l.Set] = map[string]*tally{"right": {}, "wrong": {}, "skipped": {}}
		}
		said := "skipped"
		best := 0.5
		for _, c := range claims[l.File][l.Row] {
			if o := l.overlap(c); o >= best {
				said, best = side(string(c.Kind)), o
			}
		}
		want := side(l.Label)
		counts[l.Set][want].labels++
		counts[l.Set][said].claims++
		if said == want {
			counts[l.Set][want].found++
			counts[l.Set][said].confirmed++
		} else if said != "skipped" || l.Set == os.Getenv("EVALR_SHOW_LABELS") {
			t.Logf("%s %s row %d [%d:%d] %s (%s) is said to be %s: …%s⟦%s⟧%s…", l.Set, l.File, l.Row, l.Start, l.End, l.Label, l.Note, said,
				around(text, l.Start-50, l.Start), around(text, l.Start, l.End), around(text, l.End, l.End+50))
		}
	}
	for set, sides := range counts {
		for _, name := range []string{"right", "wrong"} {
			c := sides[name]
			precision := float64(c.confirmed) / float64(c.claims)
			t.Logf("%s, %s: precision %d/%d = %.4f, recall %d/%d = %.4f", set, name, c.confirmed, c.claims, precision, c.found, c.labels, float64(c.found)/float64(c.labels))
			assert.GreaterOrEqual(t, precision, 0.98, "%s, %s", set, name)
		}
	}
}

// TestUnlabelledFaultsAreCounted counts what the check calls wrong where nobody has
// looked, in the labelled files: the list was read by hand. EVALR_SHOW_LABELS=all
// prints it.
func TestUnlabelledFaultsAreCounted(t *testing.T) {
	labelled := map[string]map[int][]label{}
	for _, l := range labels(t) {
		if labelled[l.File] == nil {
			labelled[l.File] = map[int][]label{}
		}
		labelled[l.File][l.Row] = append(labelled[l.File][l.Row], l)
	}
	for file, rows := range labelled {
		known, unknown := 0, 0
		for row, text := range responses(t, file) {
			for _, c := range cot.Arithmetic(text) {
				if side(string(c.Kind)) != "wrong" {
					continue
				}
				if slices.ContainsFunc(rows[row], func(l label) bool { return l.overlap(c) >= 0.5 }) {
					known++
					continue
				}
				unknown++
				if os.Getenv("EVALR_SHOW_LABELS") == "all" {
					t.Logf("%d %s …%s⟦%s⟧%s… is %s", row, c.Kind, around(text, c.Start-60, c.Start), around(text, c.Start, c.End), around(text, c.End, c.End+50), c.Value)
				}
			}
		}
		t.Logf("%s: %d equations are called wrong at labelled places, %d elsewhere", file, known, unknown)
		assert.Positive(t, known, "the check finds faults in every file")
	}
}

func around(text string, from, to int) string {
	return strings.ReplaceAll(text[max(0, from):min(len(text), to)], "\n", "⏎")
}
