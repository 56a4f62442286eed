package money_test

import (
	"context"
	"fmt"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/money"
)

func ExamplePurse() {
	purse, err := money.NewPurse(money.Caps{USD: 0.05}, money.Spent{}, nil)
	if err != nil {
		panic(err)
	}
	prices := money.NewPrices(nil)
	tariff := money.NewTariff(prices.Of(money.Model{Kind: "deepseek", Name: "deepseek-flash"}))
	model := purse.Wrap(answers(300, 9_000), tariff)

	limit := 16_000
	question := eval.Request{Messages: []eval.Message{{Role: eval.User, Content: "What is 6 times 7?"}}}
	question.Sampling.MaxTokens = &limit
	for {
		out, err := model.Generate(context.Background(), question)
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(money.USD(*out.Cost))
	}
	// Output:
	// $0.011
	// $0.011
	// $0.011
	// what this run may spend is used up: of the budget of $0.050 $0.033 are spent, and the next request may cost up to $0.019
}
