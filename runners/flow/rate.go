package flow

import "time"

// A bucket lets so many through in a second, and a few at once after a rest. The
// zero bucket lets all through.
type bucket struct {
	rate  float64 // a second; 0 means no limit
	level float64 // may be below 0, where something took more than was expected
	at    time.Time
}

// rest is how much of the rate may be made up for after a rest. Some servers bear
// no bursts, and a gap of the timer's is less.
const rest = time.Second / 2

func (b *bucket) size() float64 { return max(1, b.rate*rest.Seconds()) }

// set changes the rate; a bucket that had none begins with what one second gives.
func (b *bucket) set(rate float64, now time.Time) {
	if b.rate == rate {
		return
	}
	fresh := b.rate == 0
	b.fill(now)
	b.rate = rate
	if fresh {
		b.level = max(1, rate)
	}
	b.level = min(b.level, b.size())
}

func (b *bucket) fill(now time.Time) {
	if !b.at.IsZero() && now.After(b.at) {
		b.level = min(b.level+b.rate*now.Sub(b.at).Seconds(), b.size())
	}
	if now.After(b.at) {
		b.at = now
	}
}

// pause lets nothing gather until then.
func (b *bucket) pause(until time.Time) {
	b.level = min(b.level, 1)
	if until.After(b.at) {
		b.at = until
	}
}

// when is the time at which n may pass; more than the bucket holds passes when it
// is full.
func (b *bucket) when(n float64, now time.Time) time.Time {
	if b.rate == 0 {
		return now
	}
	b.fill(now)
	short := min(n, b.size()) - b.level
	if short <= 1e-9 {
		return now
	}
	// A nanosecond more, so that rounding does not wake the waiter too early.
	return now.Add(time.Duration(min(short/b.rate, longest.Seconds())*float64(time.Second)) + 1)
}

func (b *bucket) take(n float64) {
	if b.rate > 0 {
		b.level -= n
	}
}

// amounts are requests and tokens, by what they count as.
type amounts [kinds]float64

// A rate holds requests and tokens a minute within what the user allows, what the
// server's headers say and what its refusals teach.
type rate struct {
	own        amounts // a second, of the user; 0 means none
	told       amounts // a second, by headers
	learned    learner
	buckets    [kinds]bucket
	each       amounts // what a request takes, as far as is known
	emptyUntil time.Time
}

// prudence is the part of a known limit that is used: clocks differ, and a retry
// of a lower layer is not seen.
const prudence = 0.98

func newRate(o Options) *rate {
	return &rate{own: amounts{requests: float64(o.RPM) / 60, tokens: float64(o.TPM) / 60}, each: amounts{requests: 1}}
}

// long is the window from which on a limit is not paced: what a day allows may be
// used in an hour.
const long = 10 * time.Minute

// heard takes what a server says of its limits.
func (r *rate) heard(q quotas, now time.Time) {
	for of, some := range q {
		r.told[of] = r.tell(counted(of), some, now)
	}
	r.apply(now)
}

// tell gives the least rate of the quotas, or the one known so far if they tell of
// none. What remains at the server is what is left in the bucket.
func (r *rate) tell(of counted, all []quota, now time.Time) float64 {
	known, found, b := r.told[of], 0.0, &r.buckets[of]
	for _, q := range all {
		window := q.span()
		if window > long {
			known = 0
			if q.remaining == 0 && q.reset > 0 {
				r.emptyUntil = now.Add(q.reset)
			}
			continue
		}
		if x := q.limit / window.Seconds(); found == 0 || x < found {
			found = x
		}
		if b.rate > 0 && q.remaining >= 0 {
			b.fill(now)
			b.level = min(b.level, q.remaining)
		}
	}
	if found == 0 {
		return known
	}
	return found
}

// span is the window of a limit: a minute, unless the server says otherwise or
// takes far longer to make the limit whole again. Where it is filled steadily, the
// reset is to the window as what was used is to the limit; that is believed of a
// reset of some minutes only, since a short one is rounded and clocks differ.
func (q quota) span() time.Duration {
	const minutes = 2 * time.Minute
	if q.window > 0 {
		return q.window
	}
	if used := q.limit - q.remaining; q.remaining >= 0 && used >= 1 && q.reset > minutes {
		return seconds(q.reset.Seconds() * q.limit / used)
	}
	if q.reset > minutes {
		return q.reset
	}
	return time.Minute
}

// apply sets the buckets to the least of the rates that are known.
func (r *rate) apply(now time.Time) {
	for of := range r.buckets {
		known := least(r.own[of], prudence*r.told[of])
		if counted(of) == requests {
			known = least(known, r.learned.rate)
		}
		r.buckets[of].set(known, now)
	}
}

// least is the smallest rate that is one.
func least(rates ...float64) float64 {
	out := 0.0
	for _, x := range rates {
		if x > 0 && (out == 0 || x < out) {
			out = x
		}
	}
	return out
}

// when is the time at which the next request may go.
func (r *rate) when(now time.Time) time.Time {
	at := now
	for of := range r.buckets {
		if t := r.buckets[of].when(r.each[of], now); t.After(at) {
			at = t
		}
	}
	if r.emptyUntil.After(at) {
		at = r.emptyUntil
	}
	return at
}

// sent books a request; waited says that the rate had held it back. It returns
// its number and what was booked for it.
func (r *rate) sent(waited bool, now time.Time) (number int, booked amounts) {
	for of := range r.buckets {
		r.buckets[of].take(r.each[of])
	}
	before := r.learned.rate
	number = r.learned.sent(waited, now)
	if r.learned.rate != before {
		r.apply(now)
	}
	return number, r.each
}

// used corrects the tokens that were booked by those that the request needed.
func (r *rate) used(booked, needed amounts) {
	for of := tokens; of < kinds; of++ {
		if needed[of] <= 0 {
			continue
		}
		r.buckets[of].take(needed[of] - booked[of])
		if r.each[of] == 0 {
			r.each[of] = needed[of]
		}
		r.each[of] += (needed[of] - r.each[of]) / 32
	}
}

// unused gives back the tokens that were booked for a request without an answer.
func (r *rate) unused(booked amounts) {
	for of := tokens; of < kinds; of++ {
		r.buckets[of].take(-booked[of])
	}
}

// ofTokens says whether tokens are limited in any way.
func (r *rate) ofTokens() bool {
	return r.buckets[tokens].rate+r.buckets[input].rate+r.buckets[output].rate > 0
}
