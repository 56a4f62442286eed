package leaderboard

import (
	"fmt"
	"slices"
	"strings"
)

// Paragraph is what a person wants to read first: what happened, how sure that
// is, what to suspect, and the commands to look closer.
func (g Gate) Paragraph() string {
	said := []string{g.headline()}
	worst := g.cells(g.Decision)
	if g.Decision == Pass || g.Decision == Inconclusive {
		said = append(said, g.tally())
	}
	for i, c := range worst {
		if i == 3 && g.Decision == Regression {
			said = append(said, fmt.Sprintf("%d more are in the table.", len(worst)-i))
			break
		}
		switch {
		case g.Decision == Regression:
			said = append(said, c.story())
		case g.Decision == Inconclusive && c.Test.Drop > g.MaxDrop:
			said = append(said, c.suspicions())
		}
	}
	if g.Decision == Inconclusive {
		said = append(said, g.advice()...)
	}
	if g.Decision == Regression || g.Decision == Inconclusive {
		said = append(said, g.ofNights())
	}
	if g.Decision == Regression && len(worst) > 0 {
		said = append(said, g.look(worst[0]))
	}
	if g.Forced {
		said = append(said, "The comparison was forced: runs that were not measured alike differ for other reasons than the model.")
	}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " ")
}

func (g Gate) cells(d Decision) []GateCell {
	var out []GateCell
	for _, c := range g.Cells {
		if c.Decision == d {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b GateCell) int {
		if a.Test == nil || b.Test == nil || a.Test.Drop == b.Test.Drop {
			return 0
		}
		return map[bool]int{true: -1, false: 1}[a.Test.Drop > b.Test.Drop]
	})
	return out
}

func (g Gate) headline() string {
	switch g.Decision {
	case Regression:
		return "Regression:"
	case Infrastructure, Refused:
		start := map[Decision]string{
			Infrastructure: "The run cannot be judged: ", Refused: "Nothing was compared: ",
		}[g.Decision]
		if g.Decision == Refused && slices.ContainsFunc(g.Cells, func(c GateCell) bool { return c.Test != nil }) {
			start = "Not all could be compared: "
		}
		more := ""
		if left := len(g.Reasons) - 3; left > 0 {
			more = fmt.Sprintf(", and %d more", left)
		}
		text := start + strings.Join(g.Reasons[:min(3, len(g.Reasons))], "; ") + more + "."
		if g.Decision == Refused {
			text += " This run can be the baseline of the next that is measured like it; compare anyway with --force."
		}
		if red := g.cells(Regression); len(red) > 0 {
			text += " Of what could be compared, " + list(names(red)) + " regressed."
		}
		return text
	case Pass:
		return "Pass: no regression."
	case First:
		return "The first night: there is nothing to compare it with yet, and later nights will be compared with it."
	}
	return "Inconclusive: no regression was found, but this night could not have shown every one."
}

// tally says in how many cells what was found.
func (g Gate) tally() string {
	passed, tested, lowest := 0, 0, GateCell{}
	for _, c := range g.Cells {
		if c.Decision == Pass {
			passed++
		}
		if c.Test == nil {
			continue
		}
		tested++
		if lowest.Test == nil || c.Test.Drop > lowest.Test.Drop {
			lowest = c
		}
	}
	if tested == 0 {
		return ""
	}
	text := "No score fell."
	if t := lowest.Test; t.Drop > 0 {
		text = fmt.Sprintf("The largest drop is %s, from %s to %s, of %s (p %s).", points(t.Drop), percent(t.Baseline), percent(t.Current), lowest.name(), pValue(t.PHolm))
	}
	if passed > 0 {
		text += fmt.Sprintf(" For %d of %d comparisons a drop beyond the %s allowed is ruled out or would have been seen.", passed, tested, points(g.MaxDrop))
	}
	return text
}

// story tells a regression.
func (c GateCell) story() string {
	t := c.Test
	return strings.TrimSpace(fmt.Sprintf("%s fell by %s, from %s to %s on the same %s (95%% bounds %s and %s; p %s, adjusted for all that was tested). %s",
		c.name(), points(t.Drop), percent(t.Baseline), percent(t.Current), plural(t.Problems, "problem"),
		points(t.DropLow), points(t.DropHigh), pValue(t.PHolm), c.suspicions()))
}

// suspicions are the changes that may explain a drop, each a sentence.
func (c GateCell) suspicions() string {
	var out []string
	for _, change := range c.Changes {
		if change.Moved {
			out = append(out, upper(change.String())+".")
		}
	}
	return strings.Join(out, " ")
}

// advice says what would decide the open cells: that which needs most.
func (g Gate) advice() []string {
	var blind *GateTest
	var where string
	for _, c := range g.cells(Inconclusive) {
		if blind == nil || c.Test.Detectable > blind.Detectable {
			blind, where = c.Test, c.name()
		}
	}
	if blind == nil {
		return nil
	}
	out := []string{fmt.Sprintf("Drops under %s of %s are not seen reliably.", points(blind.Detectable), where)}
	switch f := blind.TrialsFactor; {
	case f == nil:
		out = append(out, fmt.Sprintf("Nights differ so much there that no number of trials shows a drop of %s: find out why they differ, or allow more with --max-drop.", points(g.MaxDrop)))
	case *f > 1.1:
		out = append(out, fmt.Sprintf("About %.3g times as many trials a night would show a drop of %s; else allow more with --max-drop.", *f, points(g.MaxDrop)))
	default:
		out = append(out, "More baseline nights would show how much nights differ, and decide it with the same trials.")
	}
	return out
}

// ofNights says what is known of the noise between nights.
func (g Gate) ofNights() string {
	fewest, most := 0, 0.0
	for _, c := range g.Cells {
		if c.Test == nil {
			continue
		}
		if fewest == 0 || c.Test.Nights < fewest {
			fewest = c.Test.Nights
		}
		if c.Test.NightSD != nil {
			most = max(most, *c.Test.NightSD)
		}
	}
	switch {
	case fewest == 0:
		return ""
	case fewest == 1:
		return "With one baseline night it is not known how much nights differ beyond the noise of trials, so that a busy or altered server can look like a worse model: " +
			"give three baseline nights or more, best five to seven."
	case most > 0:
		return fmt.Sprintf("The noise of %d baseline nights or more, up to %s beyond that of trials, is allowed for.", fewest, points(most))
	case fewest < 5:
		return fmt.Sprintf("The %d baseline nights differ no more than their trials; five to seven nights would make the test sharper.", fewest)
	}
	return fmt.Sprintf("The %d baseline nights differ no more than their trials.", fewest)
}

// look gives the commands for a cell.
func (g Gate) look(c GateCell) string {
	text := "To look: "
	nights := c.nights
	if len(nights) == 0 { // the gate was read from a file
		nights = g.Baselines
	}
	if len(nights) > 0 {
		text += fmt.Sprintf("`evalr compare %s %s`, ", shell(nights[len(nights)-1]), shell(g.Run))
	}
	if len(c.Lost) == 0 {
		return text + fmt.Sprintf("`evalr show %s --benchmark %s --model %s --outcome incorrect`.", shell(g.Run), shell(c.Benchmark), shell(c.Model))
	}
	var ids []string
	for _, f := range c.Lost {
		ids = append(ids, f.Problem)
	}
	return text + fmt.Sprintf("`evalr show %s --benchmark %s --problem %s --model %s`; right before and wrong now: %s.",
		shell(g.Run), shell(c.Benchmark), shell(ids[0]), shell(c.Model), strings.Join(ids, ", "))
}

func names(cells []GateCell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, c.name())
	}
	return out
}

func list(names []string) string {
	if len(names) > 3 {
		names = append(slices.Clone(names[:3]), fmt.Sprintf("%d more", len(names)-3))
	}
	return strings.Join(names, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// upper begins a sentence.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// shell quotes a name for a command that a person may copy.
func shell(s string) string {
	s = plain(s)
	if s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-", r)
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
