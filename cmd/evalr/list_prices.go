package main

import (
	"fmt"

	"github.com/evalr/evalr/runners/money"
)

// listPrices prints the prices that come with evalr, in US dollars for a million
// tokens.
func listPrices(s streams) error {
	var rows [][]string
	for _, p := range money.Shipped() {
		rows = append(rows, []string{orDash(p.Kind), p.Model, known(p.Input), known(p.CachedInput), known(p.Output), known(p.BatchDiscount), orDash(p.Date), p.Source})
	}
	if err := printTable(s, []string{"kind", "model", "input", "cached input", "output", "batch discount", "date", "source"}, rows); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "\nUS dollars for a million tokens, as read at the source; a dash is what it does not say. What is not here is unknown,\nnot free: --prices FILE gives prices of your own (docs/cost.md).")
	return nil
}
