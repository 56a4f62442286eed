// Package engine plans a run and carries it out: problem × model × trial, less
// what is done, with its own concurrency for asking and for judging.
//
// It must not know files, terminals or statistics: it is handed functions and
// values, and hands back a stream of attempts.
package engine

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"sync"

	"github.com/evalr/evalr/eval"
)

// A Model is a Runner together with how it is asked.
type Model struct {
	Runner   eval.Runner
	Sampling eval.Sampling // Seed, if set, is the base from which each Key's seed is drawn
	System   string        // system message; empty means none
	Prefill  string
	Effort   string
	// ThinkingBudget in tokens; nil leaves it to the server.
	ThinkingBudget *int
	Extra          map[string]any
	// Concurrency is how many requests may be in flight at once; 0 means 32.
	Concurrency int
}

// A Suite is a benchmark with the problems that are asked of it.
type Suite struct {
	Benchmark eval.Benchmark
	Problems  []eval.Problem
	// Examples gives the messages that stand between the system message and the
	// question; nil means none. It is called by many at once, and its error is a
	// failure of the attempt's data.
	Examples func(eval.Problem) ([]eval.Message, error)
}

// A Task is one attempt that is still to be made.
type Task struct {
	Key     eval.Key
	Model   *Model
	Suite   *Suite
	Problem *eval.Problem
}

// A Plan is everything a run needs to be carried out.
type Plan struct {
	Tasks []Task
	// Left counts, by benchmark, the attempts that a Holder does not hold and
	// that were therefore left out.
	Left map[string]int
	// Recorded counts the attempts that are done already.
	Recorded int

	// Split parts thought and answer; it is given the request's prefill.
	Split func(r eval.Response, prefill string) eval.Response
	// Measure takes measures of the thought; nil takes none. right says whether a
	// response with that final part would be correct, by the task's own scorer.
	Measure func(p eval.Problem, r eval.Response, v eval.Verdict, right func(final string) bool) map[string]float64
	// Judges is how many attempts are judged at once; 0 means 1.
	Judges int

	mu     sync.Mutex
	halted map[string]bool   // models
	halt   map[string]func() // gives up what a model is asked
}

// Halt ends the asking of a model, before or while the plan is carried out: what is
// in flight is given up unrecorded, and what was answered is still judged.
func (p *Plan) Halt(model string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.halted == nil {
		p.halted = map[string]bool{}
	}
	p.halted[model] = true
	if stop := p.halt[model]; stop != nil {
		stop()
	}
}

// asking gives the context in which a model is asked.
func (p *Plan) asking(ctx context.Context, model string) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.halt == nil {
		p.halt = map[string]func(){}
	}
	p.halt[model] = stop
	if p.halted[model] {
		stop()
	}
	return ctx, stop
}

// Trials says which trials are wanted of a model at a problem, by their numbers,
// in the order in which they are to be asked; the key's own trial is not set.
type Trials func(k eval.Key) []int

// First wants the first k trials of everything: 0 to k-1.
func First(k int) Trials {
	all := make([]int, k)
	for i := range all {
		all[i] = i
	}
	return func(eval.Key) []int { return all }
}

// Expand lists the tasks of k trials of every model at every problem, as
// ExpandTrials does.
//
// It returns an error if k < 1 or two models bear the same name.
func Expand(models []*Model, suites []*Suite, k int, done map[eval.Key]bool) (*Plan, error) {
	if k < 1 {
		return nil, fmt.Errorf("plan: k = %d: at least one trial is needed", k)
	}
	return ExpandTrials(models, suites, First(k), done)
}

// ExpandTrials lists the tasks of the trials wanted of every model at every
// problem, less the keys in done and less those that a model which is a Holder
// does not hold. A model is asked the first trial of all problems before the
// second of any, so that a run that is cut off has covered its problems evenly.
//
// It returns an error if two models bear the same name.
func ExpandTrials(models []*Model, suites []*Suite, trials Trials, done map[eval.Key]bool) (*Plan, error) {
	named := map[string]bool{}
	plan := &Plan{Left: map[string]int{}}
	for _, m := range models {
		name := m.Runner.Name()
		if named[name] {
			return nil, fmt.Errorf("plan: two models are called %q: give one of them another label", name)
		}
		named[name] = true
		for turn, more := 0, true; more; turn++ {
			more = false
			for _, s := range suites {
				more = plan.add(m, s, trials, turn, done) || more
			}
		}
	}
	return plan, nil
}

// add plans the trial that each problem of a suite has at a turn, and says
// whether any has one.
func (p *Plan) add(m *Model, s *Suite, trials Trials, turn int, done map[eval.Key]bool) (any bool) {
	holder, limited := eval.Find[eval.Holder](m.Runner)
	for i := range s.Problems {
		key := eval.Key{Benchmark: s.Benchmark.Name, Problem: s.Problems[i].ID, Model: m.Runner.Name()}
		wanted := trials(key)
		if turn >= len(wanted) {
			continue
		}
		any = true
		key.Trial = wanted[turn]
		switch {
		case limited && !holder.Holds(key):
			p.Left[s.Benchmark.Name]++
		case done[key]:
			p.Recorded++
		default:
			p.Tasks = append(p.Tasks, Task{Key: key, Model: m, Suite: s, Problem: &s.Problems[i]})
		}
	}
	return any
}

// Request builds what is sent for a task.
func (t Task) Request() (eval.Request, error) {
	var messages []eval.Message
	if t.Model.System != "" {
		messages = append(messages, eval.Message{Role: eval.System, Content: t.Model.System})
	}
	if t.Suite.Examples != nil {
		examples, err := t.Suite.Examples(*t.Problem)
		if err != nil {
			return eval.Request{}, fmt.Errorf("examples before the question: %w", err)
		}
		messages = append(messages, examples...)
	}
	messages = append(messages, t.Suite.Benchmark.Prompt(*t.Problem)...)
	sampling := t.Model.Sampling
	if sampling.Seed != nil {
		seed := seedOf(*sampling.Seed, t.Key)
		sampling.Seed = &seed
	}
	return eval.Request{
		Key: t.Key, Messages: messages, Sampling: sampling,
		Prefill: t.Model.Prefill, Effort: t.Model.Effort, ThinkingBudget: t.Model.ThinkingBudget, Extra: t.Model.Extra,
	}, nil
}

// seedOf draws a seed for one attempt from the run's: a number in [0, 2³¹) that
// differs per Key, because one seed for k trials gives k identical answers.
func seedOf(base int, k eval.Key) int {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d\x00%s\x00%s\x00%s\x00%d", base, k.Benchmark, k.Problem, k.Model, k.Trial)
	return int(h.Sum64() & math.MaxInt32)
}
