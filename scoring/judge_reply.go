package scoring

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/cot"
)

// A ruling is what a judge's reply says.
type ruling struct {
	outcome eval.Outcome // correct, incorrect or no_answer
	score   float64
	reason  string
}

// longestReply bounds what is read of a judge's final part, longestReason what is
// kept of its reason.
const (
	longestReply  = 64 << 10
	longestReason = 500
)

// parseReply reads a judge's response: its final part must be one JSON object of
// the expected form, and nothing but a code fence may stand around it. An object
// somewhere in prose is not taken, because it may be quoted from the answer.
func parseReply(r eval.Response) (ruling, error) {
	r = cot.Split(r, "")
	switch {
	case r.Stop == eval.StopRefusal:
		return ruling{}, errors.New("the reply is a refusal")
	case r.Stop == eval.StopLength:
		return ruling{}, errors.New("the reply was cut off: it was too long")
	case strings.TrimSpace(r.Text) == "":
		return ruling{}, errors.New("the reply is empty")
	case len(r.Text) > longestReply:
		return ruling{}, fmt.Errorf("the reply is longer than %d bytes", longestReply)
	}
	return parseRuling(r.Text)
}

// parseRuling reads the object.
func parseRuling(text string) (ruling, error) {
	fields, err := objectFields(unfenced(text))
	if err != nil {
		return ruling{}, err
	}
	var out ruling
	var score *float64
	for _, f := range fields {
		switch f.name {
		case "verdict":
			err = json.Unmarshal(f.value, (*string)(&out.outcome))
		case "score":
			err = json.Unmarshal(f.value, &score)
		case "reason":
			err = json.Unmarshal(f.value, &out.reason)
		default:
			return ruling{}, fmt.Errorf(`the object has a field %q: "verdict", "score" and "reason" are all there may be`, brief(f.name, 40))
		}
		if err != nil {
			return ruling{}, fmt.Errorf("the field %q is not of the expected type", f.name)
		}
	}
	out.reason = brief(spaced(out.reason), longestReason)
	return out, out.weigh(score)
}

// weigh checks verdict and score against each other.
func (r *ruling) weigh(score *float64) error {
	switch r.outcome {
	case eval.Correct:
		r.score = 1
		if score != nil {
			r.score = *score
		}
		if !(r.score > 0 && r.score <= 1) {
			return fmt.Errorf(`a score of %v does not go with "correct": it must be above 0 and at most 1`, r.score)
		}
	case eval.Incorrect, eval.NoAnswer:
		if score != nil && *score != 0 {
			return fmt.Errorf(`a score of %v does not go with %q: it must be 0 or be left out`, *score, r.outcome)
		}
	case "":
		return errors.New(`the object has no "verdict"`)
	default:
		return fmt.Errorf(`the verdict %q is unknown: it must be "correct", "incorrect" or "no_answer"`, brief(string(r.outcome), 40))
	}
	return nil
}

// unfenced takes off one code fence around the whole text.
func unfenced(text string) string {
	text = strings.TrimSpace(text)
	inner, opened := strings.CutPrefix(text, "```")
	inner, closed := strings.CutSuffix(inner, "```")
	if !opened || !closed {
		return text
	}
	if language, rest, more := strings.Cut(inner, "\n"); more && !strings.ContainsAny(language, "{}`") {
		inner = rest
	}
	return strings.TrimSpace(inner)
}

type objectField struct {
	name  string
	value json.RawMessage
}

// objectFields reads the fields of an object that is the whole text. A field that
// stands there twice is an error: which of them is meant cannot be known.
func objectFields(text string) ([]objectField, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("the reply is not one JSON object and nothing else")
	}
	var out []objectField
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errors.New("the JSON object is malformed")
		}
		f := objectField{name: name.(string)}
		if d.Decode(&f.value) != nil {
			return nil, errors.New("the JSON object is malformed")
		}
		for _, other := range out {
			if other.name == f.name {
				return nil, fmt.Errorf("the field %q stands there twice", brief(f.name, 40))
			}
		}
		if out = append(out, f); len(out) > 16 {
			return nil, errors.New("the JSON object has too many fields")
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, errors.New("the JSON object is not ended")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	return out, nil
}
