package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/runners/money"
)

// Spending is what a run may spend.
type Spending struct {
	Budget         Scalar `json:"budget,omitempty" jsonschema:"oneof_type=string;number,description=US dollars that the run may spend in all: 5usd"`
	MaxTokensTotal Scalar `json:"max_tokens_total,omitempty" jsonschema:"oneof_type=string;integer,description=tokens that the run may use in all: 2M"`
	Deadline       string `json:"deadline,omitempty" jsonschema:"description=time until which the run may last: 8h or 08:00 or 2026-11-30T08:00"`
	Prices         string `json:"prices,omitempty" jsonschema:"description=YAML file with prices of your own"`
}

// spendingFlags adds the flags for what a run may spend.
func spendingFlags(c *cobra.Command, o *runOptions) {
	f, s := c.Flags(), &o.flags.Spending
	f.StringVar((*string)(&s.Budget), "budget", "", "`USD` that the run may spend in all (5usd), whatever is in flight: what may be used up is not begun")
	f.StringVar((*string)(&s.MaxTokensTotal), "max-tokens-total", "", "`TOKENS` that the run may use in all, prompts and answers (2M)")
	f.StringVar(&s.Deadline, "deadline", "", "`TIME` until which the run may last (8h, 08:00, 2026-11-30T08:00)")
	f.StringVar(&s.Prices, "prices", "", "YAML `FILE` with prices of your own (docs/cost.md)")
}

// caps reads the limits.
func (s Spending) caps() (money.Caps, error) {
	var c money.Caps
	var err error
	if s.Budget != "" {
		if c.USD, err = money.ParseUSD(string(s.Budget)); err != nil {
			return c, fmt.Errorf("budget: %w", err)
		}
	}
	if s.MaxTokensTotal != "" {
		if c.Tokens, err = money.ParseTokens(string(s.MaxTokensTotal)); err != nil {
			return c, fmt.Errorf("max_tokens_total: %w", err)
		}
	}
	if s.Deadline != "" {
		if c.Deadline, err = money.ParseDeadline(s.Deadline, time.Now()); err != nil {
			return c, fmt.Errorf("deadline: %w", err)
		}
	}
	return c, nil
}

// capped says whether a limit is set that is settled by prices or tokens.
func (s Spending) capped() bool { return s.Budget != "" || s.MaxTokensTotal != "" || s.Deadline != "" }

// prices reads the user's prices and puts them over those that evalr brings.
func (s Spending) prices() (*money.Prices, error) {
	if s.Prices == "" {
		return money.NewPrices(nil), nil
	}
	own, err := money.ReadPrices(s.Prices)
	if err != nil {
		return nil, usage(err, "docs/cost.md describes the file")
	}
	return money.NewPrices(own), nil
}

// check reports the first value that cannot be read.
func (s Spending) check() error {
	if _, err := s.caps(); err != nil {
		return err
	}
	if c, _ := s.caps(); !c.Deadline.IsZero() && !c.Deadline.After(time.Now()) {
		return errors.New("deadline: that time is over")
	}
	return nil
}
