package eval

// Role of a message in a chat.
type Role string

// The roles a Message can have.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// A Message is one turn of a chat.
type Message struct {
	Role    Role   `json:"role"`
	Content string `json:"content"`
}

// A Request is what is sent to a model for one attempt.
type Request struct {
	// Key names the attempt. It is never transmitted; replay and cache need it.
	Key      Key       `json:"-"`
	Messages []Message `json:"messages"`
	Sampling Sampling  `json:"sampling"`
	// Prefill is the beginning of the answer that is put into the model's mouth
	// ("<think>\n"); empty means none.
	Prefill string `json:"prefill,omitempty"`
	// Effort is the reasoning effort ("low", "medium", "high", …); empty means
	// that the server decides.
	Effort string `json:"effort,omitempty"`
	// ThinkingBudget is how many tokens of thought the model may spend, where a
	// provider has such a limit; 0 asks for no thought, nil leaves it to the server.
	ThinkingBudget *int `json:"thinking_budget,omitempty"`
	// Extra holds parameters that are passed through into the request body as
	// they are (top_k, min_p, chat_template_kwargs, …).
	Extra map[string]any `json:"extra,omitempty"`
}

// Sampling parameters; a nil pointer is not sent, so that unset is never
// confused with zero.
type Sampling struct {
	Temperature      *float64 `json:"temperature,omitempty"`       // ≥ 0
	TopP             *float64 `json:"top_p,omitempty"`             // (0, 1]
	MaxTokens        *int     `json:"max_tokens,omitempty"`        // tokens generated, thought included
	PresencePenalty  *float64 `json:"presence_penalty,omitempty"`  // [-2, 2]
	FrequencyPenalty *float64 `json:"frequency_penalty,omitempty"` // [-2, 2]
	// Seed, if sent, differs per Key: one seed for k trials would give k
	// identical answers.
	Seed *int     `json:"seed,omitempty"`
	Stop []string `json:"stop,omitempty"`
}
