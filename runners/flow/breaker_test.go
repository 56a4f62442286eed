package flow_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

// upFrom is a Runner that fails until then, and before it works when works says so.
func upFrom(at time.Time, f eval.Failure, works func() bool) *script {
	return &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
		time.Sleep(10 * time.Millisecond)
		if time.Now().Before(at) && !works() {
			told := f
			return eval.Response{}, &told
		}
		return good, nil
	}}
}

func TestAServerThatComesBackLosesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		under := upFrom(start.Add(2*time.Minute), gateway, func() bool { return time.Since(start) < time.Second })
		e := flow.New(flow.Options{})
		r := e.Wrap(under)
		var failed int
		var mu sync.Mutex
		ask := func(n int) {
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() {
					if _, err := r.Generate(t.Context(), trial(i)); err != nil {
						mu.Lock()
						failed++
						mu.Unlock()
					}
				})
			}
			all.Wait()
		}
		ask(5)
		time.Sleep(2 * time.Second)
		before := under.calls.Load()
		go func() {
			time.Sleep(time.Minute)
			s := e.State()
			assert.True(t, s.Down)
			assert.False(t, s.NextProbe.IsZero())
			assert.LessOrEqual(t, under.calls.Load()-before, int64(40), "those under way, and a probe now and then")
			assert.Greater(t, s.Waiting+s.BackingOff, 100)
		}()
		ask(200)
		assert.LessOrEqual(t, failed, 2, "a probe may use up the tries of a request")
		assert.False(t, e.State().Down)
		assert.Less(t, time.Since(start), 5*time.Minute)
	})
}

func TestAServerThatStaysDownIsNotAskedEndlessly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		under := upFrom(start.Add(24*time.Hour), gateway, func() bool { return time.Since(start) < time.Second })
		r := flow.New(flow.Options{}).Wrap(under)
		_, err := r.Generate(t.Context(), trial(0))
		require.NoError(t, err)
		time.Sleep(time.Second)
		var all sync.WaitGroup
		var mu sync.Mutex
		said := map[string]int{}
		for i := range 2000 {
			all.Go(func() {
				_, err := r.Generate(t.Context(), trial(i))
				mu.Lock()
				said[asFailure(t, err).Hint]++
				mu.Unlock()
			})
		}
		all.Wait()
		assert.Less(t, time.Since(start), 7*time.Minute, "waiting is bounded")
		assert.Greater(t, said["see whether the server runs and its address is right; start again later, and what is missing is asked"], 1900)
		assert.Less(t, under.calls.Load(), int64(40))
		before := time.Now()
		_, err = r.Generate(t.Context(), trial(0))
		require.Error(t, err)
		assert.Less(t, time.Since(before), 2*time.Second, "who comes later does not wait")
	})
}

func TestAWrongAddressIsSoonKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		under := failing(1e9, nobody)
		r := flow.New(flow.Options{}).Wrap(under)
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() {
				_, err := r.Generate(t.Context(), trial(i))
				assert.Contains(t, asFailure(t, err).Message, "connection refused")
			})
		}
		all.Wait()
		assert.Less(t, time.Since(start), 20*time.Second)
		assert.Less(t, under.calls.Load(), int64(30))
	})
}

func TestARejectedKeyEndsItForAllAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		under := &script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
			time.Sleep(time.Second)
			return eval.Response{}, &eval.Failure{Kind: eval.FailAuth, Status: 401, Message: "401 Unauthorized: bad key"}
		}}
		e := flow.New(flow.Options{Start: 4})
		one, two := e.Wrap(under), e.Wrap(failing(0, busy))
		start := time.Now()
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() {
				_, err := one.Generate(t.Context(), trial(i))
				assert.Equal(t, eval.FailAuth, asFailure(t, err).Kind)
			})
		}
		all.Wait()
		assert.Equal(t, time.Second, time.Since(start))
		assert.EqualValues(t, 4, under.calls.Load(), "those that were under way")
		_, err := two.Generate(t.Context(), trial(0))
		assert.Contains(t, asFailure(t, err).Message, "bad key", "the key is the same for every model")
		assert.Zero(t, asFailure(t, err).Tries)
		assert.NotEmpty(t, asFailure(t, err).Hint)
		assert.True(t, e.State().Sealed)
	})
}

func TestAForbiddenModelDoesNotSealTheOthers(t *testing.T) {
	e := flow.New(flow.Options{})
	under := failing(1e9, eval.Failure{Kind: eval.FailAuth, Status: 403, Message: "403 Forbidden"})
	forbidden, allowed := e.Wrap(under), e.Wrap(failing(0, busy))
	for i := range 10 {
		_, err := forbidden.Generate(t.Context(), trial(i))
		assert.Equal(t, eval.FailAuth, asFailure(t, err).Kind)
		_, err = allowed.Generate(t.Context(), trial(i))
		require.NoError(t, err)
	}
	assert.EqualValues(t, 1, under.calls.Load())
	late := &script{f: func(_ context.Context, call int, _ eval.Request) (eval.Response, error) {
		if call == 2 {
			return eval.Response{}, &eval.Failure{Kind: eval.FailAuth, Status: 403, Message: "403 Forbidden: flagged"}
		}
		return good, nil
	}}
	r := e.Wrap(late)
	for i := range 5 {
		_, err := r.Generate(t.Context(), trial(i))
		assert.Equal(t, i == 1, err != nil, "a model that has answered is permitted: the 403 is of the request")
	}
}
