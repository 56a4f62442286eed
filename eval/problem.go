package eval

// A Problem is one question of a benchmark. It is never changed after it was
// read.
type Problem struct {
	// ID is the dataset's own id (task_id, question_id, unique_id, id, idx: the
	// first that stands in the row), else the zero-based row number.
	ID string `json:"id"`
	// Text is the question as the dataset words it.
	Text string `json:"text"`
	// Choices are the options of a multiple-choice question, in order.
	Choices []string `json:"choices,omitempty"`
	// Answer holds the acceptable golds: an answer equal to any one of them is
	// correct. A gold that is itself a list ("2, 6, 7") is one element. For
	// multiple choice it is the label ("C").
	Answer []string `json:"answer,omitempty"`
	// Tests judge a program; nil for other answers.
	Tests *Tests `json:"tests,omitempty"`
	// Cluster names problems that share a source text; empty means alone.
	Cluster string `json:"cluster,omitempty"`
	// Date is the day of publication, YYYY-MM-DD; empty means unknown.
	Date string `json:"date,omitempty"`
	// Difficulty is the dataset's own grade, as a word or number.
	Difficulty string `json:"difficulty,omitempty"`
	// Subject is the dataset's own category.
	Subject string `json:"subject,omitempty"`
	// Meta holds whatever else a prompt or a scorer of this benchmark needs.
	Meta map[string]string `json:"meta,omitempty"`
}

// Tests say how a program that answers a Problem is judged. Exactly one of
// Script, Cases and Calls is set.
type Tests struct {
	// Language of the answer, in sandbox terms ("python").
	Language string `json:"language"`
	// Entry is the function that the answer must define; empty for whole programs.
	Entry string `json:"entry,omitempty"`
	// Prompt is code that stands before an answer that is only a continuation
	// (the signature and docstring of HumanEval).
	Prompt string `json:"prompt,omitempty"`
	// Script holds assertions that call the answer's functions.
	Script string `json:"script,omitempty"`
	// Reference is a program that passes Script, where one is known. It decides
	// whether the assertions can run apart from an answer, and how.
	Reference string `json:"reference,omitempty"`
	// Cases are stdin/stdout pairs for a whole program.
	Cases []Case `json:"cases,omitempty"`
	// Tolerance lets decimal numbers in the output of Cases differ, absolutely or
	// in parts of the wanted number; 0 means that outputs are equal or wrong.
	Tolerance float64 `json:"tolerance,omitempty"`
	// Checker judges the outputs of Cases that have more than one right answer.
	Checker *Checker `json:"checker,omitempty"`
	// Calls are argument lists for Entry; expected values are what Reference
	// returns for the same arguments.
	Calls *Calls `json:"calls,omitempty"`
}

// A Checker is a program that judges outputs. It is given the paths of three
// files, input, output and expected output, and ends with 0 if the output is
// right and 1 if it is wrong; anything else means that it failed itself.
type Checker struct {
	Language string `json:"language"`
	Source   string `json:"source"`
}

// A Case is one stdin/stdout test of a whole program.
type Case struct {
	Name   string `json:"name,omitempty"`
	Input  string `json:"input"`
	Output string `json:"output"`
}

// Calls are tests of a function: it and the reference solution are called with
// the same arguments and must return equal values.
type Calls struct {
	// Reference is a complete program that defines the entry function.
	Reference string `json:"reference"`
	// Args is Python source of a list of argument lists: "[[1, 2], [3, 4]]".
	Args string `json:"args"`
	// Tolerance is the absolute tolerance for floats; 0 means exact, except that
	// floats are compared as the dataset's own harness does.
	Tolerance float64 `json:"tolerance,omitempty"`
	// Oracle names a special comparison ("set", …); empty means equality.
	Oracle string `json:"oracle,omitempty"`
}
