package flow_test

import (
	"context"
	"fmt"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/flow"
)

func ExampleEndpoint_Wrap() {
	e := flow.New(flow.Options{Cap: 256})
	r := e.Wrap(noop{}) // a provider that asks a server once
	out, err := r.Generate(context.Background(), eval.Request{})
	s := e.State()
	fmt.Println(out.Raw, out.Tries, err, s.Answers, s.InFlight)
	// Output: ok 1 <nil> 1 0
}
