package leaderboard

import (
	"cmp"
	"slices"
	"time"
)

// A flight is the time in which a request was being answered, in nanoseconds since
// 1970: from begin up to, but not including, end.
type flight struct{ begin, end int64 }

// flightOf is a flight of whose times anything is known; those of which nobody can
// have recorded are refused.
func flightOf(begin time.Time, total time.Duration) (flight, bool) {
	if total <= 0 || total > 366*24*time.Hour || begin.Year() < 1971 || begin.Year() > 2200 {
		return flight{}, false
	}
	at := begin.UnixNano()
	return flight{at, at + int64(total)}, true
}

// inFlight sweeps over the flights: exact, whatever their order.
func inFlight(flights []flight) *InFlight {
	if len(flights) == 0 {
		return nil
	}
	type event struct {
		at   int64
		step int
	}
	events := make([]event, 0, 2*len(flights))
	for _, f := range flights {
		events = append(events, event{f.begin, 1}, event{f.end, -1})
	}
	// One that ends when another begins was not in flight with it.
	slices.SortFunc(events, func(a, b event) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.step, b.step)) })
	out := &InFlight{Requests: len(flights)}
	var busy, all sum
	now := 0
	for i, e := range events {
		if i > 0 && now > 0 {
			span := time.Duration(e.at - events[i-1].at).Seconds()
			busy.add(span)
			all.add(span * float64(now))
		}
		now += e.step
		out.Max = max(out.Max, now)
	}
	out.BusySeconds = busy.value()
	out.Mean = all.value() / out.BusySeconds
	return out
}
