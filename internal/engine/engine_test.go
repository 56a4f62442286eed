package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// runner answers by a function.
type runner struct {
	name string
	f    func(context.Context, eval.Request) (eval.Response, error)
}

func (r runner) Name() string { return r.name }
func (r runner) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	return r.f(ctx, q)
}

type scorer func(context.Context, eval.Problem, eval.Response) (eval.Verdict, error)

func (s scorer) Score(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	return s(ctx, p, r)
}

func equals(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	if r.Text == p.Answer[0] {
		return eval.Verdict{Outcome: eval.Correct, Score: 1}, nil
	}
	return eval.Verdict{Outcome: eval.Incorrect}, nil
}

func suite(n int, s scorer) *engine.Suite {
	out := &engine.Suite{Benchmark: eval.Benchmark{
		Name: "toy", Scorer: s,
		Prompt: func(p eval.Problem) []eval.Message { return []eval.Message{{Role: eval.User, Content: p.Text}} },
	}}
	for i := range n {
		id := strconv.Itoa(i)
		out.Problems = append(out.Problems, eval.Problem{ID: id, Text: "say " + id, Answer: []string{id}})
	}
	return out
}

func split(r eval.Response, _ string) eval.Response { r.Text = r.Raw; return r }

func echo(_ context.Context, q eval.Request) (eval.Response, error) {
	return eval.Response{Raw: q.Key.Problem, Stop: eval.StopEnd}, nil
}

func plan(t *testing.T, m *engine.Model, s *engine.Suite, k int) *engine.Plan {
	t.Helper()
	p, err := engine.Expand([]*engine.Model{m}, []*engine.Suite{s}, k, nil)
	require.NoError(t, err)
	p.Split = split
	return p
}

func TestRunMakesEveryAttemptExactlyOnce(t *testing.T) {
	p := plan(t, &engine.Model{Runner: runner{"m", echo}}, suite(50, equals), 3)
	p.Judges = 4
	seen := map[eval.Key]int{}
	for a := range engine.Run(t.Context(), p) {
		seen[a.Key]++
		assert.Equal(t, eval.Correct, a.Verdict.Outcome)
		assert.Nil(t, a.Err)
		assert.False(t, a.Started.IsZero())
	}
	assert.Len(t, seen, 150)
	for key, n := range seen {
		assert.Equal(t, 1, n, key)
	}
}

func TestExpandLeavesOutWhatIsDone(t *testing.T) {
	done := map[eval.Key]bool{{Benchmark: "toy", Problem: "1", Model: "m", Trial: 1}: true}
	p, err := engine.Expand([]*engine.Model{{Runner: runner{"m", echo}}}, []*engine.Suite{suite(3, equals)}, 2, done)
	require.NoError(t, err)
	assert.Len(t, p.Tasks, 5)
	assert.Equal(t, 1, p.Recorded)
}

type holder struct {
	runner
	keys map[string]bool
}

func (h holder) Holds(k eval.Key) bool { return h.keys[k.Problem] && k.Trial == 0 }

func TestExpandPlansOnlyWhatAHolderHoldsAndCountsTheRest(t *testing.T) {
	h := holder{runner{"m", echo}, map[string]bool{"0": true, "2": true}}
	p, err := engine.Expand([]*engine.Model{{Runner: h}}, []*engine.Suite{suite(4, equals)}, 2, nil)
	require.NoError(t, err)
	assert.Len(t, p.Tasks, 2)
	assert.Equal(t, map[string]int{"toy": 6}, p.Left)
}

func TestExpandAsksAllProblemsOnceBeforeAnyTwice(t *testing.T) {
	p := plan(t, &engine.Model{Runner: runner{"m", echo}}, suite(3, equals), 2)
	for i, task := range p.Tasks {
		assert.Equal(t, i/3, task.Key.Trial)
	}
}

func TestExpandTrialsPlansWhatIsWantedOfEachProblem(t *testing.T) {
	want := map[string][]int{"0": {0, 1, 2, 5}, "2": {1}}
	done := map[eval.Key]bool{{Benchmark: "toy", Problem: "0", Model: "m", Trial: 2}: true}
	p, err := engine.ExpandTrials([]*engine.Model{{Runner: runner{"m", echo}}}, []*engine.Suite{suite(3, equals)},
		func(k eval.Key) []int { return want[k.Problem] }, done)
	require.NoError(t, err)
	var got []string
	for _, task := range p.Tasks {
		got = append(got, fmt.Sprintf("%s/%d", task.Key.Problem, task.Key.Trial))
	}
	assert.Equal(t, []string{"0/0", "2/1", "0/1", "0/5"}, got)
	assert.Equal(t, 1, p.Recorded)
}

func TestExpandRefusesTwoModelsOfOneNameAndNoTrials(t *testing.T) {
	m := &engine.Model{Runner: runner{"m", echo}}
	_, err := engine.Expand([]*engine.Model{m, {Runner: runner{"m", echo}}}, nil, 1, nil)
	require.ErrorContains(t, err, `"m"`)
	_, err = engine.Expand([]*engine.Model{m}, nil, 0, nil)
	require.ErrorContains(t, err, "k = 0")
}

func TestAFailureOfTheModelIsRecordedAsAFailure(t *testing.T) {
	fail := runner{"m", func(context.Context, eval.Request) (eval.Response, error) {
		return eval.Response{}, fmt.Errorf("ask: %w", &eval.Failure{Kind: eval.FailServer, Message: "boom", Tries: 6})
	}}
	for a := range engine.Run(t.Context(), plan(t, &engine.Model{Runner: fail}, suite(1, equals), 1)) {
		require.NotNil(t, a.Err)
		assert.Equal(t, eval.FailServer, a.Err.Kind)
		assert.Equal(t, 6, a.Err.Tries)
		assert.Empty(t, a.Verdict.Outcome)
	}
}

func TestAGraderThatCannotJudgeIsNeverAWrongAnswer(t *testing.T) {
	broken := func(context.Context, eval.Problem, eval.Response) (eval.Verdict, error) {
		return eval.Verdict{}, errors.New("no interpreter")
	}
	for a := range engine.Run(t.Context(), plan(t, &engine.Model{Runner: runner{"m", echo}}, suite(1, broken), 1)) {
		require.NotNil(t, a.Err)
		assert.Equal(t, eval.FailGrader, a.Err.Kind)
		assert.Equal(t, "0", a.Response.Raw, "the answer was paid for and is kept")
	}
}

func TestMeasuresAreTakenOfWhatWasJudgedByTheTasksOwnScorer(t *testing.T) {
	p := plan(t, &engine.Model{Runner: runner{"m", echo}}, suite(3, equals), 1)
	p.Measure = func(p eval.Problem, r eval.Response, v eval.Verdict, right func(string) bool) map[string]float64 {
		assert.Equal(t, p.ID, r.Text)
		assert.False(t, right("another text"))
		if right(p.ID) {
			return map[string]float64{"score": v.Score}
		}
		return nil
	}
	for a := range engine.Run(t.Context(), p) {
		assert.Equal(t, map[string]float64{"score": 1}, a.Measures)
	}
}

func TestAPanicInOneAttemptIsThatAttemptsError(t *testing.T) {
	for _, where := range []string{"runner", "scorer"} {
		t.Run(where, func(t *testing.T) {
			ask := func(ctx context.Context, q eval.Request) (eval.Response, error) {
				if where == "runner" && q.Key.Problem == "1" {
					panic("runner broke")
				}
				return echo(ctx, q)
			}
			judge := func(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
				if where == "scorer" && p.ID == "1" {
					panic("scorer broke")
				}
				return equals(ctx, p, r)
			}
			failed, correct := 0, 0
			for a := range engine.Run(t.Context(), plan(t, &engine.Model{Runner: runner{"m", ask}}, suite(3, judge), 1)) {
				if a.Err != nil {
					failed++
					assert.Equal(t, eval.FailInternal, a.Err.Kind)
					assert.Contains(t, a.Err.Message, where+" broke")
				} else {
					correct++
				}
			}
			assert.Equal(t, 1, failed)
			assert.Equal(t, 2, correct)
		})
	}
}

func TestConcurrencyIsBoundedPerModelAndReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, peak atomic.Int32
		slow := func(ctx context.Context, q eval.Request) (eval.Response, error) {
			n := now.Add(1)
			defer now.Add(-1)
			for {
				p := peak.Load()
				if n <= p || peak.CompareAndSwap(p, n) {
					break
				}
			}
			time.Sleep(time.Second)
			return echo(ctx, q)
		}
		start := time.Now()
		n := 0
		for range engine.Run(t.Context(), plan(t, &engine.Model{Runner: runner{"m", slow}, Concurrency: 8}, suite(40, equals), 1)) {
			n++
		}
		assert.Equal(t, 40, n)
		assert.Equal(t, int32(8), peak.Load())
		assert.Equal(t, 5*time.Second, time.Since(start), "40 requests of 1 s, 8 at a time")
	})
}

func TestASlowJudgeDoesNotHoldUpAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowJudge := func(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
			time.Sleep(time.Second)
			return equals(ctx, p, r)
		}
		ask := func(ctx context.Context, q eval.Request) (eval.Response, error) {
			time.Sleep(time.Second)
			return echo(ctx, q)
		}
		p := plan(t, &engine.Model{Runner: runner{"m", ask}, Concurrency: 1}, suite(10, slowJudge), 1)
		p.Judges = 2
		start := time.Now()
		for range engine.Run(t.Context(), p) {
		}
		assert.Equal(t, 11*time.Second, time.Since(start))
	})
}

func TestCancellingGivesUpWhatIsInFlightAndKeepsWhatWasAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ask := func(ctx context.Context, q eval.Request) (eval.Response, error) {
			if q.Key.Problem == "0" {
				return echo(ctx, q)
			}
			<-ctx.Done()
			return eval.Response{}, ctx.Err()
		}
		judge := func(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
			cancel() // while this answer is being judged
			time.Sleep(time.Second)
			if err := ctx.Err(); err != nil {
				return eval.Verdict{}, err
			}
			return equals(ctx, p, r)
		}
		var got []eval.Attempt
		for a := range engine.Run(ctx, plan(t, &engine.Model{Runner: runner{"m", ask}}, suite(5, judge), 1)) {
			got = append(got, a)
		}
		require.Len(t, got, 1)
		assert.Equal(t, eval.Correct, got[0].Verdict.Outcome)
	})
}

func TestASpentRunEndsWhatIsInFlightAndBeginsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int32
		ask := func(ctx context.Context, q eval.Request) (eval.Response, error) {
			if begun.Add(1) > 5 {
				return eval.Response{}, fmt.Errorf("budget: %w", eval.ErrSpent)
			}
			time.Sleep(time.Second)
			return echo(ctx, q)
		}
		n := 0
		for a := range engine.Run(t.Context(), plan(t, &engine.Model{Runner: runner{"m", ask}, Concurrency: 4}, suite(100, equals), 1)) {
			n++
			assert.Nil(t, a.Err)
		}
		assert.Equal(t, 5, n, "what was begun before is answered and judged")
		assert.LessOrEqual(t, begun.Load(), int32(9))
	})
}

func TestBreakingOutOfTheLoopEndsEverything(t *testing.T) {
	for range engine.Run(t.Context(), plan(t, &engine.Model{Runner: runner{"m", echo}}, suite(500, equals), 1)) {
		break
	} // goleak looks whether a goroutine was left
}

func TestASeedDiffersPerTrialAndIsSteady(t *testing.T) {
	var mu sync.Mutex
	seeds := func() map[int]bool {
		out := map[int]bool{}
		ask := func(ctx context.Context, q eval.Request) (eval.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			out[*q.Sampling.Seed] = true
			return echo(ctx, q)
		}
		base := 7
		m := &engine.Model{Runner: runner{"m", ask}, Sampling: eval.Sampling{Seed: &base}}
		for range engine.Run(t.Context(), plan(t, m, suite(3, equals), 4)) {
		}
		return out
	}
	first := seeds()
	assert.Len(t, first, 12)
	assert.Equal(t, first, seeds())
}

func TestASystemMessageComesFirst(t *testing.T) {
	ask := func(ctx context.Context, q eval.Request) (eval.Response, error) {
		if assert.Len(t, q.Messages, 2) {
			assert.Equal(t, eval.Message{Role: eval.System, Content: "be brief"}, q.Messages[0])
		}
		return echo(ctx, q)
	}
	for range engine.Run(t.Context(), plan(t, &engine.Model{Runner: runner{"m", ask}, System: "be brief"}, suite(1, equals), 1)) {
	}
}

func TestErrorBudget(t *testing.T) {
	b := &engine.ErrorBudget{Share: 0.1, After: 20}
	failed := eval.Attempt{Key: eval.Key{Model: "down"}, Err: &eval.Failure{Kind: eval.FailServer}}
	for range 19 {
		assert.False(t, b.Count(failed), "not before 20 attempts")
		assert.False(t, b.Count(eval.Attempt{Key: eval.Key{Model: "up"}}))
	}
	assert.Equal(t, []string{"down"}, b.Exceeded(), "but a run that ends so has failed")
	assert.True(t, b.Count(failed))
	assert.False(t, b.Count(eval.Attempt{Key: eval.Key{Model: "up"}}), "models are counted apart")

	fine := &engine.ErrorBudget{Share: 0.1, After: 20}
	for i := range 100 {
		if i < 10 {
			fine.Count(failed)
		} else {
			fine.Count(eval.Attempt{Key: failed.Key})
		}
	}
	assert.Empty(t, fine.Exceeded(), "exactly the share is allowed")
}

func TestHaltingAModelLeavesTheOthersAtWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := func(ctx context.Context, _ eval.Request) (eval.Response, error) {
			<-ctx.Done()
			return eval.Response{}, ctx.Err()
		}
		slow := func(ctx context.Context, q eval.Request) (eval.Response, error) {
			time.Sleep(time.Second)
			return echo(ctx, q)
		}
		models := []*engine.Model{{Runner: runner{"hangs", hangs}}, {Runner: runner{"slow", slow}, Concurrency: 1}, {Runner: runner{"never", hangs}}}
		p, err := engine.Expand(models, []*engine.Suite{suite(5, equals)}, 1, nil)
		require.NoError(t, err)
		p.Split = split
		p.Halt("never")
		n := 0
		for a := range engine.Run(t.Context(), p) {
			if n++; n == 2 {
				p.Halt("hangs")
			}
			assert.Equal(t, "slow", a.Key.Model)
		}
		assert.Equal(t, 5, n)
	})
}

func TestRejudgeJudgesRecordedAnswersWithoutAsking(t *testing.T) {
	s := suite(3, equals)
	recorded := func(yield func(engine.Task, eval.Attempt) bool) {
		for i := range s.Problems {
			a := eval.Attempt{
				Key: eval.Key{Problem: s.Problems[i].ID}, Response: eval.Response{Raw: "1"},
				Err: &eval.Failure{Kind: eval.FailGrader, Message: "could not be judged then"},
			}
			if !yield(engine.Task{Suite: s, Problem: &s.Problems[i]}, a) {
				return
			}
		}
	}
	outcomes := map[string]eval.Outcome{}
	for was, is := range engine.Rejudge(t.Context(), &engine.Plan{Split: split}, recorded) {
		assert.NotNil(t, was.Err)
		assert.Nil(t, is.Err)
		outcomes[is.Key.Problem] = is.Verdict.Outcome
	}
	assert.Equal(t, map[string]eval.Outcome{"0": eval.Incorrect, "1": eval.Correct, "2": eval.Incorrect}, outcomes)

	for range engine.Rejudge(t.Context(), &engine.Plan{Split: split}, recorded) {
		break
	} // goleak looks whether a goroutine was left
}

func TestExamplesStandBetweenTheSystemMessageAndTheQuestion(t *testing.T) {
	s := suite(2, equals)
	s.Examples = func(p eval.Problem) ([]eval.Message, error) {
		if p.ID == "1" {
			return nil, errors.New("there are too few")
		}
		return []eval.Message{{Role: eval.User, Content: "say x"}, {Role: eval.Assistant, Content: "x"}}, nil
	}
	var asked []eval.Request
	m := &engine.Model{Runner: runner{"m", func(ctx context.Context, q eval.Request) (eval.Response, error) {
		asked = append(asked, q)
		return echo(ctx, q)
	}}, System: "Be short.", Concurrency: 1}
	attempts := map[string]eval.Attempt{}
	for a := range engine.Run(t.Context(), plan(t, m, s, 1)) {
		attempts[a.Key.Problem] = a
	}
	require.Len(t, asked, 1, "a question without its examples is not asked")
	assert.Equal(t, []eval.Message{
		{Role: eval.System, Content: "Be short."}, {Role: eval.User, Content: "say x"}, {Role: eval.Assistant, Content: "x"},
		{Role: eval.User, Content: "say 0"},
	}, asked[0].Messages)
	assert.Equal(t, asked[0].Messages, attempts["0"].Request.Messages)
	assert.Equal(t, eval.Correct, attempts["0"].Verdict.Outcome)
	require.NotNil(t, attempts["1"].Err)
	assert.Equal(t, eval.FailData, attempts["1"].Err.Kind)
	assert.Contains(t, attempts["1"].Err.Message, "there are too few")
}
