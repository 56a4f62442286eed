package flow_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

func TestARequestThatAlwaysEndsInTheSameErrorIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		under := &script{f: func(_ context.Context, _ int, q eval.Request) (eval.Response, error) {
			if q.Key.Trial%2 == 0 {
				return good, nil
			}
			sent++
			return eval.Response{}, &eval.Failure{Kind: eval.FailServer, Status: 500, Message: fmt.Sprintf("500: cannot take this (request id req_%d)", sent), Temporary: true}
		}}
		r := flow.New(flow.Options{}).Wrap(under)
		_, err := r.Generate(t.Context(), trial(1))
		f := asFailure(t, err)
		assert.Equal(t, 4, f.Tries)
		assert.Contains(t, f.Message, "the same error 4 times: 500: cannot take this")
		assert.NotEmpty(t, f.Hint)
		assert.False(t, f.Temporary)
		_, err = r.Generate(t.Context(), trial(2))
		require.NoError(t, err)
	})
}

func TestAModelThatAnswersNothingIsNotAskedForEach(t *testing.T) {
	for name, f := range map[string]eval.Failure{
		"a rejected parameter":       {Kind: eval.FailRequest, Status: 400, Message: "400: unknown parameter top_k"},
		"an account that is used up": {Kind: eval.FailRateLimit, Status: 429, Message: "429: insufficient quota"},
		"an unreadable answer":       {Kind: eval.FailProtocol, Message: "the answer is no JSON: <html>", Temporary: true},
		"the same error each time":   broken,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				under := failing(1e9, f)
				e := flow.New(flow.Options{})
				r, fine := e.Wrap(under), e.Wrap(failing(0, busy))
				var all sync.WaitGroup
				next := make(chan int)
				for range 32 {
					all.Go(func() {
						for i := range next {
							_, err := r.Generate(t.Context(), trial(i))
							assert.Equal(t, f.Kind, asFailure(t, err).Kind)
						}
					})
				}
				for i := range 5000 {
					next <- i
				}
				close(next)
				all.Wait()
				assert.Less(t, under.calls.Load(), int64(150))
				_, err := r.Generate(t.Context(), trial(1))
				assert.NotEmpty(t, asFailure(t, err).Hint)
				if name != "the same error each time" { // then the breaker is open, for all
					assert.Regexp(t, "the same error for [0-9]+ requests in a row: "+f.Message, asFailure(t, err).Message)
					_, err = fine.Generate(t.Context(), trial(1))
					require.NoError(t, err, "another model is another matter")
					assert.Equal(t, 1, e.State().Parked)
				}
			})
		})
	}
}

func TestAParkedModelIsTriedNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mended := false
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
			if mended {
				return good, nil
			}
			return eval.Response{}, &eval.Failure{Kind: eval.FailRequest, Status: 404, Message: "no such model"}
		}}
		r := flow.New(flow.Options{}).Wrap(under)
		for i := range 100 {
			_, _ = r.Generate(t.Context(), trial(i))
		}
		assert.EqualValues(t, 10, under.calls.Load())
		time.Sleep(31 * time.Second)
		_, err := r.Generate(t.Context(), trial(0))
		require.Error(t, err)
		_, _ = r.Generate(t.Context(), trial(1))
		assert.EqualValues(t, 11, under.calls.Load())
		mended = true
		time.Sleep(61 * time.Second)
		for i := range 10 {
			_, err = r.Generate(t.Context(), trial(i))
			require.NoError(t, err)
		}
	})
}

func TestRefusalsAndLostConnectionsAreNotParked(t *testing.T) {
	for _, f := range []eval.Failure{busy, nobody, gateway} {
		synctest.Test(t, func(t *testing.T) {
			e := flow.New(flow.Options{Breaker: flow.Breaker{Failures: 1000}})
			r := e.Wrap(failing(150, f))
			for i := range 60 {
				if _, err := r.Generate(t.Context(), trial(i)); err != nil {
					assert.NotContains(t, asFailure(t, err).Message, "same error")
				}
			}
			assert.Zero(t, e.State().Parked)
		})
	}
}

func TestTheStateTellsOfTheLastFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := flow.New(flow.Options{})
		_, err := e.Wrap(failing(3, broken)).Generate(t.Context(), trial(0))
		require.NoError(t, err)
		s := e.State()
		assert.Equal(t, broken.Error(), s.LastFailure)
		assert.Zero(t, s.InARow, "there was an answer since")
		assert.Equal(t, flow.State{Limit: 8, LastFailure: broken.Error(), Requests: 1, Answers: 1, Retries: 3}, s)
	})
}
