package main

import (
	"fmt"

	"github.com/evalr/evalr/runners/money"
)

// listPrices prints the prices that come with evalr, in US dollars for a million
// tokens.
func listPrices(s streams) error {
	var rows [][]string
	var sources []more
	for _, p := range money.Shipped() {
		rows = append(rows, []string{orDash(p.Kind), p.Model, known(p.Input), known(p.CachedInput), known(p.Output), known(p.BatchDiscount), orDash(p.Date)})
		sources = append(sources, more{p.Model, []string{p.Source}})
	}
	if err := printTable(s, []string{"kind", "model", "input", "cached input", "output", "batch discount", "date"}, rows); err != nil {
		return err
	}
	printMore(s, "Where each was read:", sources)
	fmt.Fprintln(s.out, "\nUS dollars for a million tokens, as read at the source; a dash is what it does not say.\nWhat is not here is unknown, not free: --prices FILE gives prices of your own (docs/cost.md).")
	return nil
}
