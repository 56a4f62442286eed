package eval

import (
	"fmt"
	"time"
)

// A Key names one attempt. Keys are comparable; resume is a set of Keys.
type Key struct {
	Benchmark string
	Problem   string
	// Model is the run's unique label: the model as served, with "@effort=high"
	// and the like where runs of one model differ.
	Model string
	// Trial counts from zero.
	Trial int
}

// String gives the key as people read it.
func (k Key) String() string {
	return fmt.Sprintf("%s/%s %s trial %d", k.Benchmark, k.Problem, k.Model, k.Trial)
}

// An Attempt is the record of one trial of one model at one problem. Either
// Verdict or Err is set.
type Attempt struct {
	Key      Key
	Request  Request
	Response Response
	Verdict  Verdict
	// Measures of the thought, by name; nil means none were taken.
	Measures map[string]float64
	// Cost in US dollars; nil means unknown.
	Cost    *float64
	Started time.Time
	// Err is a failure of the infrastructure or of the grader: never a wrong
	// answer, never dropped.
	Err *Failure
}

// The kinds of Failure. They say who failed, and so what would help.
const (
	FailConnection = "connection" // the server could not be reached, or hung up
	FailTimeout    = "timeout"    // the server took too long
	FailRateLimit  = "rate_limit" // 429 until the tries were used up
	FailAuth       = "auth"       // 401, 403: the key is missing or wrong
	FailRequest    = "request"    // the server rejected the request (400, 404, 422)
	FailServer     = "server"     // 5xx, or an error inside a 200
	FailProtocol   = "protocol"   // the answer could not be understood, or was cut
	FailGrader     = "grader"     // the answer could not be judged
	FailData       = "data"       // the gold or the tests could not be understood
	FailInternal   = "internal"   // a defect of evalr
)

// A Failure is why an attempt has no verdict. It is an error, so that Runners
// can return it.
type Failure struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	// Tries is how often the request was sent.
	Tries int `json:"tries,omitempty"`
	// Status is the HTTP status, 0 if there was none.
	Status int `json:"status,omitempty"`
	// Hint says what would help; empty if that is not known.
	Hint string `json:"hint,omitempty"`
	// RetryAfter is the server's wish; 0 means none.
	RetryAfter time.Duration `json:"-"`
	// Temporary says that the same request may well succeed later.
	Temporary bool `json:"-"`
	// Begun says that the server had begun to answer, so that what it generated
	// may be billed although it is lost.
	Begun bool `json:"-"`
}

// Error gives kind and message in one line.
func (f *Failure) Error() string { return f.Kind + ": " + f.Message }
