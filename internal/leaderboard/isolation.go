package leaderboard

import (
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
)

// An Isolation says what held the programs of some runs.
type Isolation struct {
	Runs []string `json:"runs"`
	eval.Isolation
}

// hold notes the isolation of a run. Runs that had the same share an entry, with
// the limits of all.
func (b *Board) hold(s Source) {
	if s.Isolation == nil {
		return
	}
	for i, known := range b.Isolation {
		if known.Tier == s.Isolation.Tier && slices.Equal(known.Guards, s.Isolation.Guards) && slices.Equal(known.Weaknesses, s.Isolation.Weaknesses) {
			b.Isolation[i].Runs = append(known.Runs, s.Name)
			b.Isolation[i].Limits.Widen(s.Isolation.Limits)
			return
		}
	}
	b.Isolation = append(b.Isolation, Isolation{Runs: []string{s.Name}, Isolation: *s.Isolation})
}

// line says it in a sentence; named tells the runs, where there are others.
func (i Isolation) line(named bool) string {
	programs := "Programs"
	if named {
		programs = "Programs of " + strings.Join(i.Runs, ", ")
	}
	if i.Tier == "none" {
		return "WARNING: " + programs + " ran with no isolation (tier none)" + i.weak()
	}
	text := programs + " ran in tier " + i.Tier
	if len(i.Guards) > 0 {
		text += " (" + strings.Join(i.Guards, ", ") + ")"
	}
	return text + i.weak()
}

func (i Isolation) weak() string {
	if len(i.Weaknesses) == 0 {
		return "."
	}
	return "; weaknesses: " + strings.Join(i.Weaknesses, "; ") + "."
}
