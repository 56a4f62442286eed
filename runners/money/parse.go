package money

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseUSD reads a budget: 5usd, 5$, $5, 0.50usd or 5.
func ParseUSD(text string) (float64, error) {
	number := strings.ToLower(strings.TrimSpace(text))
	number = strings.TrimPrefix(number, "$")
	for _, unit := range []string{"usd", "$", "dollars", "dollar"} {
		if rest, ok := strings.CutSuffix(number, unit); ok {
			number = rest
			break
		}
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(number, "xp_"):
		return 0, fmt.Errorf("budget %q: want an amount of US dollars, as in 5usd, $5 or 0.50usd%s", text, currencyHint(number))
	case x <= 0:
		return 0, fmt.Errorf("budget %q: want more than 0; leave --budget out for no cap", text)
	case x > MostUSD:
		return 0, fmt.Errorf("budget %q: want at most %d US dollars", text, MostUSD)
	}
	return x, nil
}

func currencyHint(text string) string {
	switch {
	case strings.ContainsAny(text, "€£¥") || strings.HasSuffix(text, "eur") || strings.HasSuffix(text, "cny") || strings.HasSuffix(text, "gbp"):
		return ": prices are in US dollars, other currencies are not known"
	case strings.HasSuffix(text, "ct") || strings.HasSuffix(text, "cent") || strings.HasSuffix(text, "cents") || strings.HasSuffix(text, "¢"):
		return ": write cents as 0.50usd"
	case strings.Contains(text, ","):
		return ": write decimals with a point and no separators"
	}
	return ""
}

// ParseTokens reads a number of tokens: 2000000, 500k or 2M.
func ParseTokens(text string) (int64, error) {
	number, factor := strings.ToLower(strings.TrimSpace(text)), 1.0
	for unit, f := range map[string]float64{"k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9} {
		if rest, ok := strings.CutSuffix(number, unit); ok {
			number, factor = rest, f
			break
		}
	}
	x, err := strconv.ParseFloat(number, 64)
	x *= factor
	if err != nil || !(x >= 1) || x > 1e15 || x != math.Trunc(x) || strings.ContainsAny(number, "xp_") {
		return 0, fmt.Errorf("%q tokens: want a whole number above 0, as in 2000000, 500k or 2M", text)
	}
	return int64(x), nil
}

// ParseDeadline reads when a run has to end: after a time (8h, 90m, 1h30m), at a
// time of day (08:00, the next one), or at a moment (2026-11-30T08:00), in the
// zone of now unless it says another.
func ParseDeadline(text string, now time.Time) (time.Time, error) {
	t := strings.TrimSpace(text)
	if d, err := time.ParseDuration(t); err == nil {
		if d <= 0 {
			return time.Time{}, fmt.Errorf("deadline %q: want a time that is still to come", text)
		}
		return now.Add(d), nil
	}
	if at, err := time.Parse("15:04", t); err == nil {
		y, m, day := now.Date()
		next := time.Date(y, m, day, at.Hour(), at.Minute(), 0, 0, now.Location())
		if !next.After(now) {
			next = time.Date(y, m, day+1, at.Hour(), at.Minute(), 0, 0, now.Location())
		}
		return next, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		at, err := time.ParseInLocation(form, t, now.Location())
		if err != nil {
			continue
		}
		if !at.After(now) {
			return time.Time{}, fmt.Errorf("deadline %q: that is %s ago", text, now.Sub(at).Round(time.Minute))
		}
		return at, nil
	}
	hint := ""
	switch {
	case strings.HasSuffix(t, "d"):
		hint = ": write days as hours, 2d as 48h"
	case strings.Trim(t, "0123456789") == "" && t != "":
		hint = fmt.Sprintf(": did you mean %sh or %sm?", t, t)
	}
	return time.Time{}, fmt.Errorf("deadline %q: want a length of time (8h, 90m), a time of day (08:00) or a moment (2026-11-30T08:00)%s", text, hint)
}
