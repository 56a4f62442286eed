package runners

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// anthropicEvent is an event of a stream; each type has some of the fields.
type anthropicEvent struct {
	Type    string            `json:"type"`
	Message *anthropicMessage `json:"message"`
	Block   *anthropicBlock   `json:"content_block"`
	Delta   anthropicDelta    `json:"delta"`
	Usage   *anthropicUsage   `json:"usage"`
	Error   *wire.ErrorObject `json:"error"`
}

type anthropicDelta struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Thinking string `json:"thinking"`
	Stop     string `json:"stop_reason"`
}

// anthropicMessage is an answer in one piece, and what the first event carries.
type anthropicMessage struct {
	Type    string            `json:"type"`
	Model   string            `json:"model"`
	Content []anthropicBlock  `json:"content"`
	Stop    string            `json:"stop_reason"`
	Usage   *anthropicUsage   `json:"usage"`
	Error   *wire.ErrorObject `json:"error"`
}

// anthropicBlock is a text or a thought; one that is redacted shows nothing.
type anthropicBlock struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Thinking string `json:"thinking"`
}

type anthropicUsage struct {
	Input   *int `json:"input_tokens"`
	Written *int `json:"cache_creation_input_tokens"`
	Read    *int `json:"cache_read_input_tokens"`
	Output  *int `json:"output_tokens"`
	Details *struct {
		Thinking *int `json:"thinking_tokens"`
	} `json:"output_tokens_details"`
}

// An anthropicAnswer puts an answer together from its events.
type anthropicAnswer struct {
	wire.Draft
	scan    scan
	begun   bool
	thought bool
	usage   anthropicUsage
	stop    string
}

func (a *anthropicAnswer) spent() eval.Usage { return a.Out.Usage }

// Event takes a piece of a stream. Events of unknown types are passed over, as the
// API asks for.
func (a *anthropicAnswer) Event(ev wire.Event, at time.Time) error {
	data := bytes.TrimSpace(ev.Data)
	if len(data) == 0 || ev.Name != "error" && a.stop == "" && a.usual(data, at) {
		return nil
	}
	return a.rare(ev.Name, data, at)
}

// usual takes a piece of text or thought; false means that it is something else.
func (a *anthropicAnswer) usual(data []byte, at time.Time) bool {
	s := &a.scan
	s.start(data)
	var kind, delta, text, thinking []byte
	var seen int
	s.object(func(name []byte) {
		switch string(name) {
		case "type":
			s.once(&seen, 1)
			kind = s.text()
		case "index":
			s.skip()
		case "delta":
			s.once(&seen, 2)
			s.object(func(name []byte) {
				switch string(name) {
				case "type":
					s.once(&seen, 4)
					delta = s.text()
				case "text":
					s.once(&seen, 8)
					text = s.text()
				case "thinking":
					s.once(&seen, 16)
					thinking = s.text()
				default:
					s.fail()
				}
			})
		default:
			s.fail()
		}
	})
	switch {
	case !s.done() || string(kind) != "content_block_delta":
		return false
	case seen == 1|2|4|8 && string(delta) == "text_delta":
		a.add(string(text), "", at)
	case seen == 1|2|4|16 && string(delta) == "thinking_delta":
		a.add("", string(thinking), at)
	default:
		return false
	}
	return true
}

// add adds a piece of text or thought.
func (a *anthropicAnswer) add(text, thought string, at time.Time) {
	a.begun = true
	a.thought = a.thought || thought != ""
	a.Thought(thought, at)
	a.Text(text, at)
}

// rare takes any event.
func (a *anthropicAnswer) rare(name string, data []byte, at time.Time) error {
	var ev anthropicEvent
	if err := json.Unmarshal(data, &ev); err != nil {
		return err
	}
	switch {
	case ev.Error != nil:
		return streamError(ev.Error.Type, ev.Error.Text())
	case ev.Type == "error" || name == "error":
		return wire.ServerError(string(data))
	}
	if a.stop != "" && (ev.Message != nil || ev.Block != nil || ev.Delta.Text+ev.Delta.Thinking != "") {
		return errWentOn()
	}
	switch ev.Type {
	case "message_start":
		if ev.Message != nil && !a.begun {
			return a.take(ev.Message)
		} else if ev.Message != nil {
			return errSeveral()
		}
	case "content_block_start":
		if ev.Block != nil {
			a.block(*ev.Block, at)
		}
	case "content_block_delta":
		a.add(ev.Delta.Text, ev.Delta.Thinking, at)
	case "message_delta":
		a.count(ev.Usage)
		if ev.Delta.Stop != "" {
			a.stop = ev.Delta.Stop
		}
	}
	return nil
}

// Whole takes an answer in one piece.
func (a *anthropicAnswer) Whole(body []byte) error {
	var m anthropicMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	if m.Type != "message" && m.Error == nil {
		return wire.Protocol("the server sent no message")
	}
	return a.take(&m)
}

func (a *anthropicAnswer) take(m *anthropicMessage) error {
	a.count(m.Usage)
	if m.Error != nil {
		return streamError(m.Error.Type, m.Error.Text())
	}
	a.begun = true
	if m.Model != "" {
		a.Out.Model = m.Model
	}
	for _, b := range m.Content {
		a.block(b, time.Time{})
	}
	if m.Stop != "" {
		a.stop = m.Stop
	}
	return nil
}

// block begins a block of the answer; thoughts that stand apart stay apart.
func (a *anthropicAnswer) block(b anthropicBlock, at time.Time) {
	if b.Type == "thinking" && a.thought {
		a.Thought("\n\n", time.Time{})
	}
	a.add(b.Text, b.Thinking, at)
}

// count takes counts, which are those of the whole so far: later ones replace the
// earlier. The prompt is what was read fresh, written to the cache and read from it.
func (a *anthropicAnswer) count(u *anthropicUsage) {
	if u == nil {
		return
	}
	for to, n := range map[**int]*int{&a.usage.Input: u.Input, &a.usage.Written: u.Written, &a.usage.Read: u.Read, &a.usage.Output: u.Output} {
		if n != nil {
			*to = n
		}
	}
	if u.Details != nil {
		a.usage.Details = u.Details
	}
	a.Out.Usage = eval.Usage{Prompt: sum(a.usage.Input, a.usage.Written, a.usage.Read), Output: a.usage.Output, Cached: a.usage.Read}
	if a.usage.Details != nil {
		a.Out.Usage.Reasoning = a.usage.Details.Thinking
	}
}

// sum adds the counts that are known; nil if none is.
func sum(counts ...*int) *int {
	var total *int
	for _, n := range counts {
		if n == nil {
			continue
		}
		if total == nil {
			total = new(int)
		}
		*total += *n
	}
	return total
}

// end says how the answer ended (/docs/en/build-with-claude/handling-stop-reasons).
func (a *anthropicAnswer) end() error {
	switch {
	case !a.begun:
		return wire.Protocol("the server sent no message")
	case a.stop == "":
		return wire.Protocol("the stream ended in the middle of the answer")
	}
	switch a.stop {
	case "end_turn", "stop_sequence":
		a.Out.Stop = eval.StopEnd
	case "max_tokens", "model_context_window_exceeded":
		a.Out.Stop = eval.StopLength
	case "refusal":
		a.Out.Stop = eval.StopRefusal
	default:
		a.Out.Stop = eval.Stop(a.stop)
	}
	return nil
}
