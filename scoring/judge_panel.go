package scoring

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
)

// An opinion is what one judge said, or why it said nothing.
type opinion struct {
	judge string
	ruling
	err   *eval.Failure
	cut   bool // it saw a part of the answer only
	spent eval.Judging
	// unpriced says that what a call cost is unknown.
	unpriced bool
	broke    bool // it was not asked, because the run is spent
}

// ask asks a judge, and once more if its reply cannot be read.
func (w *opinion) ask(ctx context.Context, r eval.Runner, q eval.Request) {
	for again := range 2 {
		reply, err := r.Generate(ctx, q)
		if !errors.Is(err, eval.ErrSpent) || reply.Cost != nil || reply.Usage != (eval.Usage{}) { // else nothing was sent
			w.count(reply)
		}
		if err != nil {
			w.fail(err)
			return
		}
		ruled, err := parseReply(reply)
		if err == nil {
			w.ruling, w.err = ruled, nil
			return
		}
		w.err = &eval.Failure{
			Kind: eval.FailGrader, Message: fmt.Sprintf("the judge %s cannot be understood, asked twice: %v", w.judge, err),
			Hint: "a stronger judge model, or a larger budget of tokens for it",
		}
		if again == 0 {
			q = askedAgain(q, reply, err)
		}
	}
}

// fail takes over what a failure says would help. Its kind becomes the grader's: the
// model has answered, and its answer can be judged later. The judge's own kind leads
// the message.
func (w *opinion) fail(err error) {
	f := &eval.Failure{}
	var told *eval.Failure
	if errors.As(err, &told) {
		*f = *told
	}
	if errors.Is(err, eval.ErrSpent) {
		w.broke = true
		f.Hint = "let the run spend more, then judge the answers again"
	}
	f.Kind, f.Message = eval.FailGrader, fmt.Sprintf("the judge %s: %v", w.judge, err)
	w.err = f
}

// count adds what a call took, also one that failed.
func (w *opinion) count(r eval.Response) {
	w.spent.Calls++
	if r.Usage.Prompt != nil {
		w.spent.Prompt += *r.Usage.Prompt
	}
	if r.Usage.Output != nil {
		w.spent.Output += *r.Usage.Output
	}
	switch {
	case r.Cost == nil && !r.Cached:
		w.unpriced = true
	case r.Cost != nil && w.spent.Cost == nil:
		w.spent.Cost = new(*r.Cost)
	case r.Cost != nil:
		*w.spent.Cost += *r.Cost
	}
}

// askedAgain says to a judge what was wrong with its reply.
func askedAgain(q eval.Request, reply eval.Response, wrong error) eval.Request {
	said := strings.TrimSpace(brief(reply.Raw, 2000))
	if said == "" {
		said = "(nothing)"
	}
	q.Messages = append(q.Messages[:len(q.Messages):len(q.Messages)],
		eval.Message{Role: eval.Assistant, Content: said},
		eval.Message{Role: eval.User, Content: fmt.Sprintf("That reply could not be read: %v. Reply with the JSON object alone, as described, without any other text.", wrong)})
	return q
}

// A panel is the opinions of all judges.
type panel []opinion

// verdict is what more than half of all judges say; a judge that failed is one
// that did not say it. The score is the mean of those who agree. With the error
// comes what was spent.
func (p panel) verdict() (eval.Verdict, error) {
	v := eval.Verdict{Checks: p.checks(), Judging: p.spent()}
	votes := map[eval.Outcome]int{}
	for _, w := range p {
		if w.err == nil {
			votes[w.outcome]++
		}
	}
	for outcome, n := range votes {
		if 2*n > len(p) {
			v.Outcome = outcome
		}
	}
	if v.Outcome == "" {
		return v, p.undecided()
	}
	for _, w := range p {
		switch {
		case w.err != nil:
			v.Warnings = append(v.Warnings, "judge_failed: "+w.err.Message)
		case w.outcome == v.Outcome:
			v.Score += w.score / float64(votes[v.Outcome])
		}
	}
	v.Score = min(v.Score, 1)
	if p[0].cut {
		v.Warnings = append(v.Warnings, fmt.Sprintf("judge_saw_part: the answer is longer than %d bytes", longestJudged))
	}
	v.Why = fmt.Sprintf("judged by %s", strings.Join(p.names(), ", "))
	if len(p) > 1 {
		v.Why += fmt.Sprintf("; %d of %d say so", votes[v.Outcome], len(p))
	}
	if reason := p.reason(v.Outcome); reason != "" {
		v.Why += "; " + reason
	}
	return v, nil
}

// broke is the failure of a judge that the run has nothing left to ask; nil if there
// is none. What the others say is not a verdict then: the answer can be judged by all
// of them later.
func (p panel) broke() error {
	for _, w := range p {
		if w.broke {
			return fmt.Errorf("%w: %w", w.err, eval.ErrSpent)
		}
	}
	return nil
}

// undecided says why there is no majority: the failure of a judge if one failed,
// else their words.
func (p panel) undecided() error {
	var said []string
	for _, w := range p {
		if w.err != nil {
			return w.err
		}
		said = append(said, fmt.Sprintf("%s says %s", w.judge, w.outcome))
	}
	return &eval.Failure{
		Kind: eval.FailGrader, Message: "the judges are not of one mind: " + strings.Join(said, ", "),
		Hint: "an odd number of judges, or a rubric that leaves less open",
	}
}

// checks are one a judge.
func (p panel) checks() []eval.Check {
	out := make([]eval.Check, len(p))
	for i, w := range p {
		out[i] = eval.Check{Name: eval.JudgeCheck + w.judge, OK: w.err == nil && w.outcome == eval.Correct}
		switch {
		case w.err != nil:
			out[i].Note = "failed: " + w.err.Message
		case w.score > 0 && w.score < 1:
			out[i].Note = fmt.Sprintf("%s: %s (score %g)", w.outcome, w.reason, w.score)
		default:
			out[i].Note = fmt.Sprintf("%s: %s", w.outcome, w.reason)
		}
	}
	return out
}

// spent adds up what all judges took.
func (p panel) spent() *eval.Judging {
	var out eval.Judging
	cost, unpriced := 0.0, false
	for _, w := range p {
		out.Calls += w.spent.Calls
		out.Prompt += w.spent.Prompt
		out.Output += w.spent.Output
		unpriced = unpriced || w.unpriced
		if w.spent.Cost != nil {
			cost += *w.spent.Cost
		}
	}
	if !unpriced {
		out.Cost = &cost
	}
	return &out
}

func (p panel) names() []string {
	var out []string
	for _, w := range p {
		out = append(out, w.judge)
	}
	return out
}

// reason is that of the first judge who said so.
func (p panel) reason(outcome eval.Outcome) string {
	for _, w := range p {
		if w.err == nil && w.outcome == outcome && w.reason != "" {
			return w.reason
		}
	}
	return ""
}
