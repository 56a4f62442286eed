package flow

import "time"

// Options say how requests are let through. The zero value of each field stands
// for its default.
type Options struct {
	// Cap is the most requests in flight; 0 means 1024.
	Cap int
	// Fixed is a number of requests in flight that is kept as it is; 0 means that
	// the number is found.
	Fixed int
	// Start is the number with which the search begins; 0 means 8.
	Start int
	// RPM and TPM are the user's own limits of requests and tokens a minute; 0
	// leaves them to what the server says.
	RPM, TPM int
	Retries  Retries
	Breaker  Breaker
	Park     Park
}

// Retries say how often and how patiently a request is sent again.
type Retries struct {
	// Tries is how often a request is sent in all; 0 means 7. Unreachable is the
	// same while nothing answers at the address; 0 means 3, so that a wrong
	// address is soon known.
	Tries, Unreachable int
	// Refused is the same while the server says that there are too many requests
	// (429, 503, 529); 0 means 20. That is no fault of the request, and how many
	// the server bears is found.
	Refused int
	// First is the wait before the second try, doubled for each further one up to
	// Most; 0 means a second and a minute. Each wait is drawn from half to one and
	// a half of it.
	First, Most time.Duration
	// MostAsked is the longest Retry-After that is obeyed by waiting; 0 means 10
	// minutes. If a server asks for more, nothing is sent until then, and whatever
	// would be fails.
	MostAsked time.Duration
	// Wait bounds the waits of one request in all; 0 means 20 minutes.
	Wait time.Duration
	// Share bounds the tries after the first of the whole run, as a share of its
	// requests, beyond the Spare ones; 0 means 1 and 100. Those after 429, 503 and
	// 529 do not count: they are held back by the rate and the limit.
	Share float64
	Spare int
}

// A Breaker says when a server counts as down.
type Breaker struct {
	// Failures is how many lost connections and 5xx in a row, with no answer
	// between, mean that it is down; 0 means 10.
	Failures int
	// First is the time until one request is sent to see whether it is back,
	// doubled after each that fails up to Most; 0 means a second and a minute.
	First, Most time.Duration
	// Wait is how long after the server went down requests wait for it; those that
	// come later fail at once. 0 means 5 minutes, and Never, which counts instead
	// while the server never answered at all, 15 seconds.
	Wait, Never time.Duration
}

// Park says when an error counts as one that trying again does not mend.
type Park struct {
	// Same is how often one request may end in the same error; 0 means 4.
	Same int
	// Requests is how many requests in a row, with no answer between, may be given
	// up for the same error before the model is not asked any more; 0 means 10.
	Requests int
	// First is the time until one request is sent all the same, to see whether it
	// still holds, doubled each time up to Most; 0 means 30 seconds and 10 minutes.
	First, Most time.Duration
}

func (o Options) filled() Options {
	or(&o.Cap, 1024)
	or(&o.Start, 8)
	or(&o.Retries.Tries, 7)
	or(&o.Retries.Unreachable, 3)
	or(&o.Retries.Refused, 20)
	or(&o.Retries.First, time.Second)
	or(&o.Retries.Most, time.Minute)
	or(&o.Retries.MostAsked, 10*time.Minute)
	or(&o.Retries.Wait, 20*time.Minute)
	or(&o.Retries.Share, 1)
	or(&o.Retries.Spare, 100)
	or(&o.Breaker.Failures, 10)
	or(&o.Breaker.First, time.Second)
	or(&o.Breaker.Most, time.Minute)
	or(&o.Breaker.Wait, 5*time.Minute)
	or(&o.Breaker.Never, 15*time.Second)
	or(&o.Park.Same, 4)
	or(&o.Park.Requests, 10)
	or(&o.Park.First, 30*time.Second)
	or(&o.Park.Most, 10*time.Minute)
	o.Fixed = max(o.Fixed, 0)
	o.Start = min(o.Start, o.Cap)
	return o
}

// or puts a default where nothing was chosen.
func or[T int | float64 | time.Duration](field *T, standard T) {
	if *field <= 0 {
		*field = standard
	}
}
