package money_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/runners/money"
)

func TestParseUSD(t *testing.T) {
	for text, want := range map[string]float64{
		"5usd": 5, "5$": 5, "$5": 5, "0.50usd": 0.5, "5": 5, " 5 USD ": 5, "$0.01": 0.01, "1e2": 100, "5 dollars": 5,
	} {
		got, err := money.ParseUSD(text)
		require.NoError(t, err, text)
		assert.InDelta(t, want, got, 1e-12, text)
	}
	for text, want := range map[string]string{
		"": "want an amount of US dollars", "five": "as in 5usd, $5 or 0.50usd", "0": "want more than 0", "-3usd": "want more than 0",
		"5eur": "other currencies are not known", "€5": "other currencies are not known", "50ct": "write cents as 0.50usd",
		"1,000usd": "no separators", "0,5": "with a point", "nan": "want an amount", "inf": "want an amount", "0x5": "want an amount", "2000001": "at most 1000000",
	} {
		_, err := money.ParseUSD(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestParseTokens(t *testing.T) {
	for text, want := range map[string]int64{"2000000": 2_000_000, "500k": 500_000, "2M": 2_000_000, "1.5m": 1_500_000, "1G": 1_000_000_000} {
		got, err := money.ParseTokens(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "0", "-5", "many", "1.5", "0.0001k", "nan", "infk", "0x10", "1e30"} {
		_, err := money.ParseTokens(text)
		require.ErrorContains(t, err, "want a whole number above 0, as in", text)
	}
}

func TestParseDeadline(t *testing.T) {
	zone := time.FixedZone("UTC+2", 2*3600)
	now := time.Date(2026, 11, 26, 22, 30, 0, 0, zone)
	for text, want := range map[string]time.Time{
		"8h":                        now.Add(8 * time.Hour),
		"1h30m":                     now.Add(90 * time.Minute),
		"08:00":                     time.Date(2026, 11, 27, 8, 0, 0, 0, zone),
		"23:15":                     time.Date(2026, 11, 26, 23, 15, 0, 0, zone),
		"2026-11-30T08:00":          time.Date(2026, 11, 30, 8, 0, 0, 0, zone),
		"2026-11-30 08:00":          time.Date(2026, 11, 30, 8, 0, 0, 0, zone),
		"2026-11-30T08:00:30":       time.Date(2026, 11, 30, 8, 0, 30, 0, zone),
		"2026-11-30T08:00Z":         time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC),
		"2026-11-30T08:00:00+05:00": time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC),
	} {
		got, err := money.ParseDeadline(text, now)
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), "%s: %s", text, got)
	}
	for text, want := range map[string]string{
		"":                 "want a length of time (8h, 90m), a time of day (08:00) or a moment",
		"2d":               "write days as hours, 2d as 48h",
		"8":                "did you mean 8h or 8m?",
		"tomorrow":         "want a length of time",
		"-1h":              "still to come",
		"0s":               "still to come",
		"2026-11-26T22:00": "that is 30m0s ago",
		"25:00":            "want a length of time",
	} {
		_, err := money.ParseDeadline(text, now)
		require.ErrorContains(t, err, want, text)
	}
}

func TestUSD(t *testing.T) {
	for x, want := range map[float64]string{0: "$0.00", 5: "$5.00", 1234.5: "$1234.50", 0.25: "$0.250", 0.999: "$1.00", 0.0123: "$0.012", 0.000098765: "$0.000099"} {
		assert.Equal(t, want, money.USD(x))
	}
}
