package eval

import "time"

// Stop says why generation ended.
type Stop string

// The reasons for which generation ends. Unknown is what a server or file did
// not say.
const (
	StopUnknown Stop = ""
	StopEnd     Stop = "stop"    // the model finished
	StopLength  Stop = "length"  // the token budget or the context was used up
	StopRefusal Stop = "refusal" // the provider's filter or the model's refusal field
)

// ThoughtState says what is known of the chain of thought.
type ThoughtState string

// The states of a thought.
const (
	ThoughtNone   ThoughtState = "none"   // the response shows no thought
	ThoughtClosed ThoughtState = "closed" // a thought that was ended by the model
	ThoughtOpen   ThoughtState = "open"   // a thought that was not ended
	ThoughtHidden ThoughtState = "hidden" // reasoning was done and billed but not shown
)

// A Response is what came back for one Request.
type Response struct {
	// Raw is everything generated in the answer channel, exactly as received.
	Raw string
	// Reasoning is the thought where the server delivers it apart
	// (reasoning_content, reasoning); Split moves it into Thought.
	Reasoning string

	// Thought, State and Text are set by Split: the chain of thought, what is
	// known of it, and the final part. Scorers look at Text only and see no tags.
	Thought string
	State   ThoughtState
	Text    string

	Stop   Stop
	Usage  Usage
	Timing Timing
	// Model and Fingerprint are what the server reported.
	Model       string
	Fingerprint string

	// Cost in US dollars of all tries, the failed ones included; nil means
	// unknown. Tries is how often the request was sent; 0 means unknown.
	Cost  *float64
	Tries int
	// Cached says that an earlier run was answered so, and nobody was asked.
	Cached bool
}

// Usage counts tokens; nil means that the server did not say.
type Usage struct {
	Prompt    *int `json:"prompt,omitempty"`
	Output    *int `json:"output,omitempty"`    // all generated tokens, the thought included
	Reasoning *int `json:"reasoning,omitempty"` // of Output, those of the thought
	Cached    *int `json:"cached,omitempty"`    // of Prompt, those served from a cache
	// Estimated says that the counts are evalr's estimate, not the server's.
	Estimated bool `json:"estimated,omitempty"`
}

// Timing of one Generate call; zero means unknown.
type Timing struct {
	Queue      time.Duration // waiting for a free slot, before the request was sent
	FirstToken time.Duration // from sending to the first token of thought or answer
	// FirstAnswer is from sending to the first token behind the thought, where the
	// server delivers the thought apart.
	FirstAnswer time.Duration
	Total       time.Duration // from sending to the end
	Gaps        Gaps
}

// Gaps are the waits between the pieces of a streamed answer.
type Gaps struct {
	N   int // pieces less one; 0 means unknown
	P50 time.Duration
	P99 time.Duration
	Max time.Duration
}
