package flow

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A quota is what a server says of one of its limits. What it does not say is
// negative, or 0 for a length of time.
type quota struct {
	limit     float64
	remaining float64
	reset     time.Duration // until the limit is whole again
	window    time.Duration // in which the limit may be used
}

// A counted is what a limit is of.
type counted int

const (
	requests counted = iota
	tokens           // of prompt and output together
	input
	output
	kinds // how many there are
)

// quotas are the limits that the headers of one response tell of.
type quotas [kinds][]quota

func (q *quotas) empty() bool {
	for _, some := range q {
		if len(some) > 0 {
			return false
		}
	}
	return true
}

// A family is the names under which one limit is told. They are in canonical form.
type family struct {
	limit, remaining, reset string
	of                      counted
}

// families are the names that services use.
//
// OpenAI: https://platform.openai.com/docs/guides/rate-limits (a table of limit,
// remaining and reset of requests and tokens, reset as "1s" or "6m0s"). Groq sends
// the same names, its requests counted by the day:
// https://pub.dev/documentation/groq_sdk/latest/models_groq_rate_limit_information/GroqRateLimitInformation-class.html
// Azure has been seen to send -1 for what it does not know, and plain seconds:
// https://github.com/openai/openai-dotnet/issues/838.
//
// Anthropic: https://docs.aws.amazon.com/claude-platform/latest/userguide/rate-limits.html
// (requests, tokens, input-tokens; reset as a time of RFC 3339; output-tokens as in
// the response recorded by https://rdrr.io/cran/tidyllm/).
var families = []family{
	{"X-Ratelimit-Limit-Requests", "X-Ratelimit-Remaining-Requests", "X-Ratelimit-Reset-Requests", requests},
	{"X-Ratelimit-Limit-Tokens", "X-Ratelimit-Remaining-Tokens", "X-Ratelimit-Reset-Tokens", tokens},
	{"Anthropic-Ratelimit-Requests-Limit", "Anthropic-Ratelimit-Requests-Remaining", "Anthropic-Ratelimit-Requests-Reset", requests},
	{"Anthropic-Ratelimit-Tokens-Limit", "Anthropic-Ratelimit-Tokens-Remaining", "Anthropic-Ratelimit-Tokens-Reset", tokens},
	{"Anthropic-Ratelimit-Input-Tokens-Limit", "Anthropic-Ratelimit-Input-Tokens-Remaining", "Anthropic-Ratelimit-Input-Tokens-Reset", input},
	{"Anthropic-Ratelimit-Output-Tokens-Limit", "Anthropic-Ratelimit-Output-Tokens-Remaining", "Anthropic-Ratelimit-Output-Tokens-Reset", output},
}

// readQuotas finds the limits in the headers of a response.
func readQuotas(h http.Header, now time.Time) quotas {
	var out quotas
	for _, f := range families {
		limit := number(h.Get(f.limit))
		if limit <= 0 {
			continue
		}
		q := quota{limit: limit, remaining: number(h.Get(f.remaining)), reset: readReset(h.Get(f.reset), now)}
		out[f.of] = append(out[f.of], q)
	}
	out[requests] = append(out[requests], draftQuotas(h)...)
	return out
}

// draftQuotas reads the fields of the IETF drafts "RateLimit header fields for
// HTTP". Up to draft 06 they are RateLimit-Limit ("100, 100;w=60"), -Remaining and
// -Reset in seconds; from 07 on RateLimit ("default";r=50;t=30) and
// RateLimit-Policy ("default";q=100;w=60); read were 01 and 11.
// https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
func draftQuotas(h http.Header) []quota {
	if limit := h.Get("Ratelimit-Limit"); limit != "" {
		first, rest, _ := strings.Cut(limit, ",")
		first, _, _ = strings.Cut(first, ";")
		q := quota{limit: number(first), remaining: number(h.Get("Ratelimit-Remaining")), reset: seconds(number(h.Get("Ratelimit-Reset")))}
		if q.limit <= 0 {
			return nil
		}
		for _, i := range readItems(rest + "," + h.Get("Ratelimit-Policy")) {
			if number(i.name) == q.limit {
				q.window = seconds(i.number("w"))
			}
		}
		return []quota{q}
	}
	policies := h.Values("Ratelimit-Policy")
	if len(policies) == 0 {
		return nil
	}
	now := map[string]item{}
	for _, i := range readItems(strings.Join(h.Values("Ratelimit"), ",")) {
		now[i.name] = i
	}
	var out []quota
	for _, p := range readItems(strings.Join(policies, ",")) {
		unit := p.parameters["qu"]
		if p.number("q") <= 0 || unit != "" && unit != "requests" {
			continue
		}
		q := quota{limit: p.number("q"), window: seconds(p.number("w")), remaining: -1}
		if i, ok := now[p.name]; ok {
			q.remaining, q.reset = i.number("r"), seconds(i.number("t"))
		}
		out = append(out, q)
	}
	return out
}

// An item is one of a list: a name with parameters.
type item struct {
	name       string
	parameters map[string]string
}

func (i item) number(name string) float64 { return number(i.parameters[name]) }

// maxItems bounds what is read of a hostile list.
const maxItems = 16

// readItems reads a list such as `"a";q=1;w=60,"b";q=2`. What it does not
// understand it leaves out.
func readItems(list string) []item {
	var out []item
	for _, text := range strings.SplitN(list, ",", maxItems+1) {
		parts := strings.SplitN(text, ";", maxItems+1)
		i := item{name: bare(parts[0]), parameters: map[string]string{}}
		if i.name == "" || len(out) == maxItems {
			continue
		}
		for _, p := range parts[1:] {
			name, value, _ := strings.Cut(p, "=")
			i.parameters[strings.TrimSpace(name)] = bare(value)
		}
		out = append(out, i)
	}
	return out
}

func bare(s string) string { return strings.Trim(strings.TrimSpace(s), `"`) }

// number reads a count; what is none, or no sensible one, is -1.
func number(s string) float64 {
	if s == "" {
		return -1
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(x) || x < 0 || x > 1e15 {
		return -1
	}
	return x
}

// longest bounds what is believed of a length of time.
const longest = 31 * 24 * time.Hour

func seconds(x float64) time.Duration {
	if x <= 0 {
		return 0
	}
	return min(time.Duration(min(x, longest.Seconds())*float64(time.Second)), longest)
}

// readReset reads the time until a limit is whole again: "6m0s", "17ms", seconds,
// or a time of RFC 3339; 0 if it is none of these or has passed.
func readReset(s string, now time.Time) time.Duration {
	s = strings.TrimSpace(s)
	if x := number(s); x >= 0 {
		return seconds(x)
	}
	if d, err := time.ParseDuration(s); err == nil {
		return min(max(d, 0), longest)
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return min(max(at.Sub(now), 0), longest)
	}
	return 0
}
