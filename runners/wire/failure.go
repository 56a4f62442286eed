package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
)

// refused is the failure of a status that is no success.
func (c *Client) refused(x *Exchange, text []byte) error {
	message := errorText(text)
	f := &eval.Failure{Status: x.Status, RetryAfter: retryAfter(x.Header, time.Now())}
	f.Message = fmt.Sprintf("%d %s: %s", x.Status, http.StatusText(x.Status), message)
	switch s := x.Status; {
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		f.Kind = eval.FailAuth
		if c.o.KeyVar != "" {
			f.Hint = "is " + c.o.KeyVar + " right?"
			f.Message += " (" + f.Hint + ")"
		}
	case s == http.StatusTooManyRequests:
		f.Kind, f.Temporary = eval.FailRateLimit, true
		f.Hint = "a lower --concurrency, or a higher limit at the service"
		// OpenAI says 429 as well when there is no money left (platform.openai.com,
		// error codes): waiting does not help then.
		if strings.Contains(string(text), "insufficient_quota") {
			f.Temporary, f.Hint = false, "the account's quota is used up: look at its plan and billing"
		}
		if f.RetryAfter >= 2*time.Minute {
			f.Hint = fmt.Sprintf("the service asks to be left alone for %s: resume then", f.RetryAfter.Round(time.Second))
		}
	case s == http.StatusRequestTimeout:
		f.Kind, f.Temporary = eval.FailTimeout, true
	case s == 529: // Anthropic's overloaded_error
		f.Kind, f.Temporary = eval.FailServer, true
	case s >= 500:
		f.Kind, f.Temporary = eval.FailServer, true
	case s == http.StatusNotFound:
		f.Kind = eval.FailRequest
		f.Hint = fmt.Sprintf("does %s serve the model %q? the address usually ends in /v1", c.o.Base, c.o.Model)
		f.Message += " (" + f.Hint + ")"
	case s/100 == 3:
		f.Kind = eval.FailRequest
		f.Hint = "give the address that it points to: " + short(x.Header.Get("Location"))
	default:
		f.Kind = eval.FailRequest
	}
	return f
}

// errorText finds the message in the body of a refusal: {"error": {"message":
// …}}, {"error": "…"}, {"message": …}, {"detail": …}, or what there is.
func errorText(text []byte) string {
	var b struct {
		Error   *ErrorObject    `json:"error"`
		Message string          `json:"message"`
		Detail  json.RawMessage `json:"detail"`
	}
	one := bytes.TrimSpace(text)
	if bytes.HasPrefix(one, []byte("[")) { // Gemini wraps the errors of streams in a list
		var list []json.RawMessage
		if json.Unmarshal(one, &list) == nil && len(list) > 0 {
			one = list[0]
		}
	}
	if json.Unmarshal(one, &b) == nil {
		switch {
		case b.Error != nil:
			return b.Error.Text()
		case b.Message != "":
			return short(b.Message)
		case b.Detail != nil:
			return short(string(b.Detail))
		}
	}
	return short(string(text))
}

// An ErrorObject is the error of a service: an object, or just a text.
type ErrorObject struct {
	Message string          `json:"message"`
	Type    string          `json:"type"`
	Code    json.RawMessage `json:"code"`
	raw     string
}

// UnmarshalJSON reads an object or a text.
func (e *ErrorObject) UnmarshalJSON(b []byte) error {
	e.raw = string(b)
	if bytes.HasPrefix(b, []byte(`"`)) {
		return json.Unmarshal(b, &e.Message)
	}
	type plain ErrorObject
	if json.Unmarshal(b, (*plain)(e)) != nil {
		e.Message = "" // an error of a shape that is not known is an error all the same
	}
	return nil
}

// Text is the error on one line.
func (e *ErrorObject) Text() string {
	text := e.Message
	if text == "" {
		text = e.raw
	}
	if code := strings.Trim(string(e.Code), `"`); code != "" && code != "null" && !strings.Contains(text, code) {
		text += " (" + code + ")"
	}
	return short(text)
}

// failure turns any error into a Failure without the key.
func (c *Client) failure(err error, x Exchange) *eval.Failure {
	var f *eval.Failure
	if !errors.As(err, &f) {
		f = c.transportFailure(err)
	}
	out := x.named(f)
	// A request may be billed that got through and was not refused, and one of which
	// nobody knows what became.
	out.Begun = x.Status/100 == 2 || x.Status == 0 && !unsent(err)
	return out
}

// Fail gives an error that an answer has by what it says, as Ask gives those of the
// wire: with the status and what would help, and without the key.
func (x Exchange) Fail(err error) error {
	var f *eval.Failure
	if !errors.As(err, &f) {
		return err
	}
	return x.named(f)
}

// helps says what would help against a kind of failure of which no more is known.
var helps = map[string]string{
	eval.FailConnection: "is the server up, and the network between? its log says more",
	eval.FailTimeout:    "is the server overloaded? its log says more",
	eval.FailServer:     "the server's log, or the status page of the service, says more",
	eval.FailProtocol:   "is the server overloaded, or does a proxy cut its answers? its log says more",
	eval.FailRequest:    "change or leave out what the server names",
	eval.FailAuth:       "give the key that the server wants",
	eval.FailRateLimit:  "a lower --concurrency, or a higher limit at the service",
}

func (x Exchange) named(f *eval.Failure) *eval.Failure {
	out := *f
	out.Message, out.Hint = x.key.ScrubShort(out.Message), x.key.ScrubShort(out.Hint)
	if out.Status == 0 {
		out.Status = x.Status
	}
	if out.Hint == "" {
		out.Hint = helps[out.Kind]
	}
	return &out
}

// unsent says that no connection was made, so that nothing was sent.
func unsent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// transportFailure names what went wrong on the wire.
func (c *Client) transportFailure(err error) *eval.Failure {
	f := &eval.Failure{Kind: eval.FailConnection, Message: err.Error(), Temporary: true}
	var timeout net.Error
	switch {
	case errors.Is(err, errStalled):
		f.Kind, f.Message = eval.FailTimeout, fmt.Sprintf("%s: no piece in %s", errStalled, c.o.Stall)
		f.Hint = "is the server overloaded? --stall waits longer"
	case errors.Is(err, errSilent):
		f.Kind, f.Message = eval.FailTimeout, fmt.Sprintf("%s in %s", errSilent, c.o.FirstByte)
		f.Hint = "is the server overloaded? --first-byte waits longer"
	case errors.As(err, &timeout) && timeout.Timeout():
		f.Kind = eval.FailTimeout
	case errors.Is(err, errLongLine):
		f.Kind = eval.FailProtocol
	case strings.Contains(err.Error(), "proxyconnect"):
		f.Message = "the proxy that HTTP_PROXY or HTTPS_PROXY names does not answer: " + err.Error()
		f.Hint = "is the proxy up? NO_PROXY names the hosts that are reached without it"
	case strings.Contains(err.Error(), "connection refused"):
		f.Message = "nothing answers at " + c.o.Base + " (connection refused): is the server running, and the address right?"
		f.Hint = "start the server, or give its address: KIND:MODEL@http://HOST:PORT/v1"
	case strings.Contains(err.Error(), "no such host"):
		f.Message, f.Temporary = "there is no host of the address "+c.o.Base, false
		f.Hint = "look at the address for a slip"
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Kind, f.Message = eval.FailProtocol, "the connection ended in the middle of the answer"
	}
	return f
}

// ContextFull says whether a server refused because prompt and budget do not
// fit its context: that is truncation, not a failure.
func ContextFull(err error) bool {
	var f *eval.Failure
	if !errors.As(err, &f) || f.Kind != eval.FailRequest {
		return false
	}
	m := strings.ToLower(f.Message)
	return strings.Contains(m, "context_length_exceeded") || strings.Contains(m, "maximum context length") ||
		strings.Contains(m, "context length") && strings.Contains(m, "exceed") || strings.Contains(m, "exceeds the available context size")
}

// ServerError is the failure of an error that stands in an answer.
func ServerError(message string) *eval.Failure {
	return &eval.Failure{Kind: eval.FailServer, Message: "the server reports an error in its answer: " + short(message), Temporary: true, Begun: true}
}

// protocol is the failure of an answer that cannot be understood.
func protocol(format string, args ...any) *eval.Failure {
	return &eval.Failure{Kind: eval.FailProtocol, Message: fmt.Sprintf(format, args...), Temporary: true, Begun: true}
}

// Protocol is the failure of an answer that cannot be understood, or was cut.
func Protocol(message string) *eval.Failure { return protocol("%s", message) }

func isFailure(err error) bool {
	var f *eval.Failure
	return errors.As(err, &f)
}

// short is the beginning of a text on one line.
func short(s string) string {
	long := len(s) > 4000
	if long {
		s = s[:4000]
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 300 {
		s, long = s[:300], true
	}
	if long {
		return strings.ToValidUTF8(s, "") + cut
	}
	return s
}

// retryAfter reads the server's wish to be left alone: seconds or a date, or
// milliseconds in retry-after-ms.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get("Retry-After-Ms")), 64); err == nil && ms > 0 {
		return time.Duration(min(ms, 1e9) * float64(time.Millisecond))
	}
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 {
		return time.Duration(min(s, 1e9) * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
