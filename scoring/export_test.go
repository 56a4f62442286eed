package scoring

import (
	"time"

	"github.com/evalr/evalr/eval"
)

// ProgramWithin is Program with another limit of an answer's processor time.
func ProgramWithin(t Tools, cpu time.Duration) eval.Scorer {
	p := &programs{box: t.Sandbox, cache: t.Cache, cpu: cpu}
	return scorerFunc(p.score)
}
