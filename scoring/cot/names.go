package cot

import (
	"math"
	"strconv"
)

// The names of the measures, as they stand in attempts.jsonl.
const (
	ReasoningTokens       = "reasoning_tokens"
	AnswerTokens          = "answer_tokens"
	TokensEstimated       = "tokens_estimated"
	Truncated             = "truncated"
	CandidateCount        = "candidates"
	FirstCorrect          = "first_correct"
	ReflectionTokens      = "reflection_tokens"
	OutcomeEfficiency     = "outcome_efficiency"
	Underthinking         = "underthinking"
	FoundThenLost         = "found_then_lost"
	AnswerChanges         = "answer_changes"
	RightToWrong          = "right_to_wrong"
	WrongToRight          = "wrong_to_right"
	AnswerMismatch        = "cot_answer_mismatch"
	Backtracks            = "backtrack_per_1k"
	Verifications         = "verify_per_1k"
	Switches              = "switch_per_1k"
	Ahas                  = "aha_per_1k"
	Hedges                = "hedge_per_1k"
	Looping               = "loop"
	Repetition            = "repetition"
	LanguageConsistency   = "language_consistency"
	LanguageOfQuestion    = "language_of_question"
	ScriptSwitches        = "script_switches"
	ArithmeticOK          = "arithmetic_ok"
	ArithmeticWrong       = "arithmetic_wrong"
	ArithmeticApproximate = "arithmetic_approximate"
	ArithmeticRetracted   = "arithmetic_retracted"
	ArithmeticSkipped     = "arithmetic_skipped"
	AnswerOnlyInThought   = "answer_only_in_thought"
	SeveralBoxes          = "several_boxes"
	EmptyThought          = "empty_thought"
)

// A Unit says how the value of a measure is read.
type Unit int

// The units of measures.
const (
	Count Unit = iota // a number of things; means and ratios of means are meaningful
	Share             // in [0, 1]
	Flag              // 0 or 1; the mean is a share of attempts
	Rate              // per 1,000 tokens of the thought
)

// Format writes a value as people read it.
func (u Unit) Format(v float64) string {
	switch {
	case u == Flag && v == 0:
		return "no"
	case u == Flag && v == 1:
		return "yes"
	case u == Share, u == Flag:
		return strconv.FormatFloat(v, 'f', 3, 64)
	case u == Rate:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
}

// A Name is a measure with the words in which people read it.
type Name struct {
	Key, Words string
	Unit       Unit
}

// Names lists every measure in the order in which it is shown.
var Names = []Name{
	{ReasoningTokens, "tokens of the thought", Count},
	{AnswerTokens, "tokens of the answer", Count},
	{TokensEstimated, "tokens are estimated", Flag},
	{Truncated, "cut off before an answer", Flag},
	{CandidateCount, "explicit answers in the thought", Count},
	{FirstCorrect, "first correct answer, as a share of the thought", Share},
	{ReflectionTokens, "tokens after the first correct answer", Count},
	{OutcomeEfficiency, "outcome efficiency", Share},
	{Underthinking, "underthinking", Share},
	{FoundThenLost, "correct answer found and lost", Flag},
	{AnswerChanges, "changes of the answer", Count},
	{RightToWrong, "changes from right to wrong", Count},
	{WrongToRight, "changes from wrong to right", Count},
	{AnswerMismatch, "thought and answer disagree", Flag},
	{Backtracks, "backtracks per 1k tokens", Rate},
	{Verifications, "verifications per 1k tokens", Rate},
	{Switches, "changes of approach per 1k tokens", Rate},
	{Ahas, "insights per 1k tokens", Rate},
	{Hedges, "hedges per 1k tokens", Rate},
	{Looping, "ends in a loop", Flag},
	{Repetition, "repeated passages of 20 words", Share},
	{LanguageConsistency, "words in the main script", Share},
	{LanguageOfQuestion, "thinks in the script of the question", Flag},
	{ScriptSwitches, "changes of script", Count},
	{ArithmeticOK, "equations exactly right", Count},
	{ArithmeticApproximate, "equations right after rounding", Count},
	{ArithmeticWrong, "equations wrong", Count},
	{ArithmeticRetracted, "equations wrong and taken back", Count},
	{ArithmeticSkipped, "equations not judged", Count},
	{AnswerOnlyInThought, "answer in the thought alone", Flag},
	{SeveralBoxes, "several boxes in the answer", Flag},
	{EmptyThought, "empty thought", Flag},
}
