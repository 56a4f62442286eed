package scoring

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/evalr/evalr/eval"
)

// A Judge is one or several models that judge answers for which there is no
// mechanical check. They are asked as any model is; who they are is not known here.
type Judge struct {
	Runners []eval.Runner
	// Rubric says what makes an answer right; a problem's own goes before it, and
	// "" stands for DefaultRubric.
	Rubric string
	// Sampling and Effort of the judges; what is unset is left to their servers.
	Sampling eval.Sampling
	Effort   string
}

// DefaultRubric is the rubric of problems that have none.
const DefaultRubric = `The answer is correct if its final answer means the same as a reference answer. Form does not matter: other notation, units written
out, more words or a different order of a set are no difference. A final answer that leaves out a part of the reference, adds a wrong
part, or gives several that differ is incorrect. The way to the answer is not judged.`

// RubricKey is where Problem.Meta holds the rubric of a problem.
const RubricKey = "rubric"

// errNoJudge says that a scorer has nobody to ask.
var errNoJudge = errors.New("the scorer judge needs a judge model, and none was given: name one by --judge KIND:MODEL")

// Digest names how answers are judged: the models, the rubric and the sampling.
// Verdicts of judges with different digests are not to be compared.
func (j Judge) Digest() string {
	h := sha256.New()
	for _, r := range j.Runners {
		fmt.Fprintf(h, "%q\n", r.Name())
	}
	text, err := json.Marshal(j.Sampling)
	if err != nil {
		panic(err) // a struct of plain values
	}
	fmt.Fprintf(h, "%q %q %s %q", j.rubric(eval.Problem{}), j.Effort, text, judgeForm)
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Names are the models' names, in the order in which they are asked.
func (j Judge) Names() []string {
	var out []string
	for _, r := range j.Runners {
		out = append(out, r.Name())
	}
	return out
}

func (j Judge) rubric(p eval.Problem) string {
	for _, rubric := range []string{p.Meta[RubricKey], j.Rubric} {
		if strings.TrimSpace(rubric) != "" {
			return rubric
		}
	}
	return DefaultRubric
}

// ByJudge judges answers by the word of models: what more than half of them say.
// Without such a majority, which ties and failed judges may prevent, the answer
// could not be judged. What needs no judge (refused, cut off, empty) is not sent.
func ByJudge(t Tools) (eval.Scorer, error) {
	if len(t.Judge.Runners) == 0 {
		return nil, errNoJudge
	}
	if err := t.Judge.distinct(); err != nil {
		return nil, err
	}
	return judgeScorer{t.Judge}, nil
}

// distinct refuses one judge that is named twice: it would count as two.
func (j Judge) distinct() error {
	seen := map[string]bool{}
	for _, name := range j.Names() {
		if seen[name] {
			return fmt.Errorf("the judge %s is named twice: judges must differ to count as several", name)
		}
		seen[name] = true
	}
	return nil
}

type judgeScorer struct{ judge Judge }

// Unasked is nil: without a judge nothing can be said.
func (judgeScorer) Unasked(eval.Problem) eval.Scorer { return nil }

func (s judgeScorer) Score(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	if len(p.Answer) == 0 && p.Meta[RubricKey] == "" {
		return eval.Verdict{}, errNoGold
	}
	v, decided, cut := unanswered(r)
	if decided {
		return v, nil
	}
	answer, said := explicit(r.Text, 1)
	if cut && !said {
		return noAnswer(r.Text, cut), nil
	}
	words, err := s.judge.ask(ctx, p, r.Text)
	if err != nil {
		return eval.Verdict{}, err
	}
	v, err = words.verdict()
	if err = cmp.Or(words.broke(), err); err != nil {
		return eval.Verdict{Checks: v.Checks, Judging: v.Judging}, err
	}
	if v.Answer = answer.text; !said {
		v.Answer = brief(spaced(r.Text), longestAnswer)
	}
	switch {
	case v.Outcome == eval.NoAnswer && refuses(r.Text):
		v.Outcome = eval.Refused
	case v.Outcome == eval.Correct && len(p.Answer) > 0:
		v.Canonical = spaced(p.Answer[0])
	case v.Outcome == eval.Incorrect && said:
		v.Canonical = spaced(answer.text)
	}
	return v, nil
}

// longestAnswer is how much of an answer in prose a verdict repeats.
const longestAnswer = 300

// ask asks every judge, all at once. The error is that of an ended ctx alone: a
// judge's own failure is its word.
func (j Judge) ask(ctx context.Context, p eval.Problem, answer string) (words panel, err error) {
	q := newQuestion(j.rubric(p), p, answer)
	words = make(panel, len(j.Runners))
	var all sync.WaitGroup
	for i, r := range j.Runners {
		all.Go(func() {
			defer func() {
				if x := recover(); x != nil {
					words[i].err = &eval.Failure{Kind: eval.FailInternal, Message: fmt.Sprintf("panic: %v", x)}
				}
			}()
			words[i] = opinion{judge: r.Name(), cut: q.cut}
			words[i].ask(ctx, r, j.request(p, r, q))
		})
	}
	all.Wait()
	return words, ctx.Err()
}

// request is how a judge is asked. Its key tells judging apart from answering.
func (j Judge) request(p eval.Problem, r eval.Runner, q question) eval.Request {
	return eval.Request{
		Key:      eval.Key{Benchmark: "judge", Problem: p.ID, Model: r.Name()},
		Messages: []eval.Message{{Role: eval.User, Content: q.text}},
		Sampling: j.Sampling, Effort: j.Effort,
	}
}
