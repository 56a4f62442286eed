package flow_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

// full serves so many at once and refuses the others.
type full struct {
	capacity int64
	status   int
	speed    float64
	flying   atomic.Int64
}

func (f *full) serve(tokens float64) error {
	time.Sleep(roundTrip)
	if f.flying.Add(1) > f.capacity {
		f.flying.Add(-1)
		kind := eval.FailServer
		if f.status == http.StatusTooManyRequests {
			kind = eval.FailRateLimit
		}
		return &eval.Failure{Kind: kind, Status: f.status, Message: "busy", Temporary: true}
	}
	time.Sleep(time.Duration(tokens / f.speed * float64(time.Second)))
	f.flying.Add(-1)
	return nil
}

func TestMore(t *testing.T) {
	for _, s := range []setup{
		{name: "full 503", server: func() server { return &full{capacity: 100, status: 503, speed: 50} }, length: thoughts(300), tasks: 12000, workers: 1500},
		{name: "full 429", server: func() server { return &full{capacity: 100, status: 429, speed: 50} }, length: thoughts(300), tasks: 12000, workers: 1500},
	} {
		for _, o := range []flow.Options{{Fixed: 64}, {Fixed: 100}, {Fixed: 128}, {}} {
			r := simulate(t, s, o)
			fmt.Printf("%s %d: %.1f (whole %.1f) 429 %.4f failed %d limit end %d rpm %.1f refused %d retries %d down %v\n", s.name, o.Fixed, r.steady, r.whole, r.share, r.failed, r.state.Limit, r.state.RPM, r.state.Refused, r.state.Retries, r.state.Down)
			if o.Fixed == 0 {
				for i := 0; i < len(r.points); i += len(r.points) / 60 {
					fmt.Println(r.points[i].at, r.points[i])
				}
			}
		}
	}
}
