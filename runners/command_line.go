package runners

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// A commandLine is a line that a program wrote: an answer, or first of all how many
// requests it takes at once.
type commandLine struct {
	ID          *int64            `json:"id"`
	Concurrency *int              `json:"concurrency"`
	Response    *string           `json:"response"`
	Reasoning   string            `json:"reasoning"`
	Stop        eval.Stop         `json:"stop"`
	Usage       *eval.Usage       `json:"usage"`
	Model       string            `json:"model"`
	Error       *wire.ErrorObject `json:"error"`
}

// readCommandLine reads a line. The failure says what is wrong with it, for the
// program's author.
func readCommandLine(text []byte) (commandLine, *eval.Failure) {
	var l commandLine
	if err := json.Unmarshal(text, &l); err != nil {
		f := wire.Protocol(fmt.Sprintf("it wrote a line that is not understood (%v): %s", err, beginning(string(text))))
		f.Hint = "standard output is for answers, one JSON object a line; what is for people goes to standard error"
		return l, f
	}
	switch {
	case l.ID != nil && l.Concurrency != nil:
		return l, wire.Protocol(`it wrote a line with "id" and "concurrency": the latter is said once, in the first line`)
	case l.ID == nil && l.Concurrency == nil:
		return l, wire.Protocol(`it wrote a line without "id": ` + beginning(string(text)))
	case l.Concurrency != nil && *l.Concurrency < 1:
		return l, wire.Protocol(fmt.Sprintf(`it says "concurrency": %d: want 1 or more`, *l.Concurrency))
	}
	return l, nil
}

// answer gives the response of a line, or the failure that it is.
func (l commandLine) answer() (eval.Response, *eval.Failure) {
	switch {
	case l.Error != nil:
		return eval.Response{}, &eval.Failure{Kind: eval.FailServer, Message: "it reports an error: " + l.Error.Text(), Temporary: true, Begun: true}
	case l.Response == nil:
		return eval.Response{}, wire.Protocol(`its answer has neither "response" nor "error"`)
	}
	switch l.Stop {
	case eval.StopUnknown, eval.StopEnd, eval.StopLength, eval.StopRefusal:
	default:
		return eval.Response{}, wire.Protocol(fmt.Sprintf(`its answer says "stop": %q: want stop, length or refusal`, beginning(string(l.Stop))))
	}
	out := eval.Response{Raw: *l.Response, Reasoning: l.Reasoning, Stop: l.Stop, Model: l.Model}
	if l.Usage != nil {
		for name, n := range map[string]*int{"prompt": l.Usage.Prompt, "output": l.Usage.Output, "reasoning": l.Usage.Reasoning, "cached": l.Usage.Cached} {
			if n != nil && *n < 0 {
				return eval.Response{}, wire.Protocol(fmt.Sprintf(`its answer counts %d tokens as "usage"."%s"`, *n, name))
			}
		}
		out.Usage = *l.Usage
	}
	return out, nil
}

// beginning is the beginning of a text on one line.
func beginning(s string) string {
	if len(s) > 2000 {
		s = s[:2000]
	}
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "�")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + " …"
	}
	return s
}
