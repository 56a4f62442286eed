package main

import (
	"cmp"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/runners/flow"
)

// Conduct is how the asking of a model is carried out: nothing of it changes what
// is measured, so that a run may be gone on with in another way.
type Conduct struct {
	Concurrency    int      `json:"concurrency,omitempty" jsonschema:"minimum=0,description=requests in flight at once (default: found while asking)"`
	MaxConcurrency int      `json:"max_concurrency,omitempty" jsonschema:"minimum=0,description=requests in flight at most where their number is found (default 1024)"`
	RPM            int      `json:"rpm,omitempty" jsonschema:"minimum=0,description=requests a minute at most (default: what the service says)"`
	TPM            int      `json:"tpm,omitempty" jsonschema:"minimum=0,description=tokens a minute at most (default: what the service says)"`
	Tries          int      `json:"tries,omitempty" jsonschema:"minimum=0,description=how often a request is sent in all where it fails in passing (default 7)"`
	FirstByte      string   `json:"first_byte,omitempty" jsonschema:"description=how long the first piece of an answer is waited for (default 20m)"`
	Stall          string   `json:"stall,omitempty" jsonschema:"description=how long each further piece is waited for (default 3m)"`
	Launch         bool     `json:"launch,omitempty" jsonschema:"description=start the model's engine on this machine and stop it with the run"`
	EngineArgs     []string `json:"engine_args,omitempty" jsonschema:"description=further arguments of an engine that evalr starts"`
	GPUHour        float64  `json:"gpu_hour,omitempty" jsonschema:"minimum=0,description=US dollars for an hour of the server that runs the model"`
	Batch          bool     `json:"batch,omitempty" jsonschema:"description=ask by the service's batch API: cheaper and within a day"`
}

// conductFlags adds the flags for how the asking is carried out.
func conductFlags(c *cobra.Command, o *runOptions) {
	f, d := c.Flags(), &o.flags.Conduct
	f.IntVar(&d.Concurrency, "concurrency", 0, "requests in flight at once, per service (default: as many as the service bears, found while asking)")
	f.IntVar(&d.MaxConcurrency, "max-concurrency", 0, "requests in flight at most where their number is found (default 1024)")
	f.IntVar(&d.RPM, "rpm", 0, "requests a minute at most (default: what the service's headers say)")
	f.IntVar(&d.TPM, "tpm", 0, "tokens a minute at most (default: what the service's headers say)")
	f.IntVar(&d.Tries, "tries", 0, "how often a request is sent in all where it fails in passing (default 7)")
	f.StringVar(&d.FirstByte, "first-byte", "", "how long the first piece of an answer is waited for (default 20m)")
	f.StringVar(&d.Stall, "stall", "", "how long each further piece is waited for (default 3m)")
	f.BoolVar(&d.Launch, "launch", false, "start the model's engine here, and stop it with the run; of llamacpp:./file.gguf that is understood")
	f.StringArrayVar(&d.EngineArgs, "engine-arg", nil, "further `ARGUMENT` of an engine that is started (repeatable)")
	f.Float64Var(&d.GPUHour, "gpu-hour", 0, "`USD` for an hour of the server that runs the model")
	f.BoolVar(&d.Batch, "batch", false, "ask by the service's batch API: cheaper, within a day; interrupt at will, the same command collects")
}

// check reports the first value that cannot be meant.
func (d Conduct) check() error {
	for name, n := range map[string]int{"concurrency": d.Concurrency, "max_concurrency": d.MaxConcurrency, "rpm": d.RPM, "tpm": d.TPM, "tries": d.Tries} {
		if n < 0 {
			return fmt.Errorf("%s = %d: a number above 0 is needed", name, n)
		}
	}
	if !(d.GPUHour >= 0 && d.GPUHour <= 1e6) {
		return fmt.Errorf("gpu_hour = %g: a price in US dollars is needed", d.GPUHour)
	}
	for name, text := range map[string]string{"first_byte": d.FirstByte, "stall": d.Stall} {
		if v, err := time.ParseDuration(cmp.Or(text, "1s")); err != nil || v <= 0 {
			return fmt.Errorf("%s = %q: a time is needed, such as 90s or 10m", name, text)
		}
	}
	return nil
}

// limits are those of the flow.
func (d Conduct) limits() flow.Options {
	return flow.Options{Fixed: d.Concurrency, Cap: max(d.MaxConcurrency, d.Concurrency), RPM: d.RPM, TPM: d.TPM, Retries: flow.Retries{Tries: d.Tries, Refused: d.Tries}}
}

// atOnce is how many requests may be in flight at most.
func (d Conduct) atOnce() int { return cmp.Or(d.Concurrency, d.MaxConcurrency, 1024) }

// options are those of a provider.
func (d Conduct) options(a Asking) runners.Options {
	of := func(text string) time.Duration {
		v, _ := time.ParseDuration(text) // checked; empty is the default
		return v
	}
	return runners.Options{Concurrency: d.atOnce(), FirstByte: of(d.FirstByte), Stall: of(d.Stall), Template: a.Template}
}
