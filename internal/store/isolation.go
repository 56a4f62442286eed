package store

import (
	"slices"

	"github.com/evalr/evalr/eval"
)

// Hold records what isolates the programs of the run from now on. Of several
// tiers none counts first, else the newest, and the others are said; of guards,
// those that were always in force.
func (m *Manifest) Hold(now *eval.Isolation) {
	if now == nil {
		return
	}
	held, other := *now, m.Held()
	if other != nil && other.Tier == "none" {
		held, other = *other, now
	}
	held.Guards, held.Weaknesses = slices.Clone(held.Guards), slices.Clone(held.Weaknesses)
	if other != nil {
		weak := other.Weaknesses
		if other.Tier != held.Tier {
			weak = []string{"a part of the run was made in tier " + other.Tier}
		} else if other.Guards != nil {
			held.Guards = slices.DeleteFunc(held.Guards, func(g string) bool { return !slices.Contains(other.Guards, g) })
		}
		for _, w := range weak {
			if !slices.Contains(held.Weaknesses, w) {
				held.Weaknesses = append(held.Weaknesses, w)
			}
		}
		held.Limits.Widen(other.Limits)
	}
	m.Sandbox, m.Isolation = held.Tier, &held
}

// Held is the isolation of the run's programs; nil if none ran.
func (m *Manifest) Held() *eval.Isolation {
	if m.Isolation == nil && m.Sandbox != "" { // of an earlier version
		return &eval.Isolation{Tier: m.Sandbox}
	}
	return m.Isolation
}
