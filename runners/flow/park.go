package flow

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
)

// A signature is what makes two failures the same one.
type signature struct {
	kind   string
	status int
	shape  string
}

// sign gives the signature of a failure that may be deterministic. 429s, overload,
// gateways without a server and lost connections are not, if they may pass at all:
// they are of the moment.
func sign(f *eval.Failure) (s signature, ok bool) {
	if f.Temporary {
		switch f.Kind {
		case eval.FailRateLimit, eval.FailConnection, eval.FailTimeout:
			return s, false
		}
		switch f.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusServiceUnavailable, statusOverloaded:
			return s, false
		}
	}
	return signature{f.Kind, f.Status, shape(f.Message)}, true
}

// shape is a message without what differs from one occurrence to the next:
// numbers, and words with digits in them such as the ids of requests.
func shape(message string) string {
	const most = 300
	if len(message) > most {
		message = message[:most]
	}
	words := strings.FieldsFunc(strings.ToLower(message), func(r rune) bool {
		return strings.ContainsRune(" \t\r\n\"'`,;:()[]{}=<>", r)
	})
	for i, w := range words {
		if strings.ContainsAny(w, "0123456789") {
			words[i] = "#"
		}
	}
	return strings.Join(words, " ")
}

// A park knows whether the requests to one model all end in the same error, so
// that asking the rest of them is of no use.
type park struct {
	o        Park
	answered bool // the model ever answered
	worst    signature
	inARow   int // requests given up for it, with no answer between
	last     *eval.Failure
	closed   bool
	next     time.Time
	interval time.Duration
	probing  bool
}

// gaveUp notes a request that is not asked again because of a failure.
func (p *park) gaveUp(f *eval.Failure, now time.Time) {
	s, ok := sign(f)
	if !ok {
		return
	}
	if s != p.worst {
		p.worst, p.inARow = s, 0
		p.closed = false
	}
	p.inARow++
	p.last = f
	switch {
	case p.closed:
		p.interval = min(2*p.interval, p.o.Most)
		p.next = now.Add(p.interval)
	case p.inARow >= p.o.Requests:
		p.closed, p.interval = true, p.o.First
		p.next = now.Add(p.interval)
	}
}

// worked notes an answer.
func (p *park) worked() { p.inARow, p.closed, p.answered = 0, false, true }

// refusal is the failure of the requests that are not sent any more.
func (p *park) refusal() *eval.Failure {
	return &eval.Failure{
		Kind: p.last.Kind, Status: p.last.Status,
		Message: fmt.Sprintf("not sent: the same error for %d requests in a row: %s", p.inARow, plain(p.last)),
		Hint:    hintOf(p.last, "every request to this model ends so: look at the server's log, the model's name and the parameters"),
	}
}

// repeated is a failure that came the same each time.
func repeated(f *eval.Failure, n int) *eval.Failure {
	out := *f
	out.Temporary = false
	out.Message = fmt.Sprintf("the same error %d times: %s", n, f.Message)
	out.Hint = hintOf(f, "the server fails at this request each time: look at its log; the request itself may be what it cannot take")
	return &out
}

// plain is the message without the count that repeated put before it.
func plain(f *eval.Failure) string {
	if strings.HasPrefix(f.Message, "the same error ") {
		if _, after, ok := strings.Cut(f.Message, " times: "); ok {
			return after
		}
	}
	return f.Message
}

func hintOf(f *eval.Failure, otherwise string) string {
	if f.Hint != "" {
		return f.Hint
	}
	return otherwise
}

func times(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// failure finds the Failure in an error.
func failure(err error) (*eval.Failure, bool) {
	var f *eval.Failure
	return f, errors.As(err, &f)
}
