package flow_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/runners/flow"
)

// change is when a server changes, in the tests below.
const change = 10 * time.Minute

func TestTheSearchFollowsAServerThatChanges(t *testing.T) {
	up := simulate(t, setup{server: func() server { return newChanging(32, 256, change) }, length: thoughts(500), tasks: 30000, workers: 1500}, flow.Options{})
	low, high := up.limits(0.5)
	assert.GreaterOrEqual(t, low, 200, "256 at once, from a tenth of the way on")
	assert.LessOrEqual(t, high, 512)
	down := simulate(t, setup{server: func() server { return newChanging(256, 32, change) }, length: thoughts(500), tasks: 16000, workers: 1500}, flow.Options{})
	_, high = down.limits(0.8)
	assert.Less(t, high, 256, "32 at once: the way down is slow, since nothing is lost above")
}

func TestWhatIsNotUsedDoesNotRaiseTheLimit(t *testing.T) {
	few := simulate(t, setup{server: func() server { return newQueueing(1000, speed) }, length: thoughts(500), tasks: 3000, workers: 20}, flow.Options{})
	_, high := few.limits(0)
	assert.LessOrEqual(t, high, 32, "20 requests at once are all there ever are")
}

func TestTheSearchFollowsAServerThatRefusesEarlier(t *testing.T) {
	for _, tooMany := range []bool{true, false} {
		for _, c := range []struct{ before, after, tasks int }{{100, 20, 12000}, {20, 100, 27000}} {
			s := setup{server: func() server {
				f := newFull(int64(c.before), tooMany)
				time.AfterFunc(change, func() { f.capacity.Store(int64(c.after)) })
				return f
			}, length: thoughts(300), tasks: c.tasks, workers: 1500}
			r := simulate(t, s, flow.Options{})
			used := r.between(change+30*time.Minute, change+40*time.Minute) / (speed * float64(c.after))
			assert.Greater(t, used, 0.6, "the slots that are used, tooMany %v, %+v", tooMany, c)
			assert.LessOrEqual(t, r.state.Retries, 400, "tooMany %v, %+v", tooMany, c)
			assert.Zero(t, r.failed)
		}
	}
}

func TestTheRateFollowsAServerThatChanges(t *testing.T) {
	for _, headers := range []bool{true, false} {
		for _, c := range [][2]float64{{600, 60}, {60, 600}} {
			s := setup{server: func() server {
				l := &limited{rpm: c[0], burst: c[0], headers: headers}
				time.AfterFunc(change, func() { l.change(c[1]) })
				return l
			}, length: thoughts(300), tasks: 7000, workers: 1500}
			r := simulate(t, s, flow.Options{})
			assert.InDelta(t, c[1], r.state.RPM, 0.2*c[1], "headers: %v", headers)
			assert.LessOrEqual(t, r.share, 0.05)
			assert.Zero(t, r.failed)
		}
	}
}

func TestFaultsByChanceDoNotStopTheFlow(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway} {
		for _, took := range []time.Duration{5 * time.Millisecond, 10 * time.Second} {
			s := setup{server: func() server { return &faulty{status: status, took: took} }, length: same(1), tasks: 3000, workers: 64}
			t.Run(fmt.Sprint(status, " ", took), func(t *testing.T) {
				r := simulate(t, s, flow.Options{})
				low, _ := r.limits(warmUp)
				assert.GreaterOrEqual(t, low, 4)
				assert.LessOrEqual(t, r.failed, 3, "one in five fails; seven times in a row one in 80,000")
				assert.Less(t, r.points[len(r.points)-1].at, time.Hour)
			})
		}
	}
}
