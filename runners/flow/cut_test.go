package flow_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

func TestManyRefusalsTogetherCutTheLimitOnce(t *testing.T) {
	overloaded := eval.Failure{Kind: eval.FailServer, Status: 503, Message: "503 busy", Temporary: true}
	for _, f := range []eval.Failure{busy, overloaded} {
		synctest.Test(t, func(t *testing.T) {
			e := flow.New(flow.Options{Start: 50, Retries: flow.Retries{Refused: 1}})
			r := e.Wrap(&script{f: func(context.Context, int, eval.Request) (eval.Response, error) {
				time.Sleep(time.Second)
				told := f
				return eval.Response{}, &told
			}})
			ask := func() {
				var all sync.WaitGroup
				for i := range 50 {
					all.Go(func() { _, _ = r.Generate(t.Context(), trial(i)) })
				}
				all.Wait()
			}
			ask()
			assert.Equal(t, 35, e.State().Limit, "0.7 of fifty, whatever the other 49 say")
			assert.False(t, e.State().Down, "a server that has too much to do is not down")
			if f.Status == 503 {
				ask()
				assert.Equal(t, 11, e.State().Limit, "35 were under way, then the 15 others, which is a second time")
			}
		})
	}
}
