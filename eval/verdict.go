package eval

// Outcome of a judged attempt. A failure of the infrastructure or the grader is
// not an Outcome but an Attempt.Err.
type Outcome string

// The outcomes. All but Correct score 0 and are counted apart.
const (
	Correct   Outcome = "correct"
	Incorrect Outcome = "incorrect"
	NoAnswer  Outcome = "no_answer" // finished, but gave no answer
	Truncated Outcome = "truncated" // cut off before a final answer
	Refused   Outcome = "refused"
)

// Outcomes lists every Outcome in the order in which reports show them.
var Outcomes = []Outcome{Correct, Incorrect, NoAnswer, Truncated, Refused}

// A Verdict is what a Scorer says of a Response.
type Verdict struct {
	Outcome Outcome `json:"outcome"`
	// Score is in [0, 1].
	Score float64 `json:"score"`
	// Answer is the answer as extracted.
	Answer string `json:"answer,omitempty"`
	// Canonical is the same string for equal answers; voting uses it.
	Canonical string `json:"canonical,omitempty"`
	// Why names the rules that decided ("boxed; equal as rationals").
	Why      string   `json:"why,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	// Checks are the single tests of a program, or what each judge model said.
	Checks []Check `json:"checks,omitempty"`
	// Judging is what judge models took; nil if none was asked.
	Judging *Judging `json:"judging,omitempty"`
}

// A Judging is what the judge models of a verdict took. It is no part of what the
// judged model took.
type Judging struct {
	// Cost in US dollars of all calls; nil means that the price of one is unknown.
	Cost *float64 `json:"cost_usd,omitempty"`
	// Prompt and Output count the tokens that the judges' servers reported.
	Prompt int `json:"prompt,omitempty"`
	Output int `json:"output,omitempty"`
	// Calls is how often a judge was asked.
	Calls int `json:"calls"`
	// Second says that the judges gave a second opinion: the verdict is another
	// scorer's.
	Second bool `json:"second,omitempty"`
}

// JudgeCheck begins the name of a Check that is a judge model's; the model's name
// follows. Its note begins with an Outcome and a colon, or with "failed:".
const JudgeCheck = "judge:"

// A Check is one test of a program, or one judge's word.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Note string `json:"note,omitempty"`
}
