package money_test

import (
	"testing"

	"github.com/evalr/evalr/runners/money"
)

func benchmarkPurse(b *testing.B, l money.Ledger) {
	p, err := money.NewPurse(money.Caps{USD: 900_000}, money.Spent{}, l)
	if err != nil {
		b.Fatal(err)
	}
	tariff := money.NewTariff(&money.Price{Model: "m", Input: number(0.01), Output: number(0.01)})
	r := p.Wrap(answers(10, 10), tariff)
	q := ask(1000)
	b.SetParallelism(1000)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := r.Generate(b.Context(), q); err != nil {
				b.Error(err)
				return
			}
		}
	})
	if err := p.Close(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkPurse(b *testing.B)       { benchmarkPurse(b, nil) }
func BenchmarkPurseLedger(b *testing.B) { benchmarkPurse(b, money.FileLedger(b.TempDir())) }

func BenchmarkPurseAlone(b *testing.B) {
	p, err := money.NewPurse(money.Caps{USD: 900_000}, money.Spent{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	r := p.Wrap(answers(10, 10), money.NewTariff(&money.Price{Model: "m", Input: number(0.01), Output: number(0.01)}))
	q := ask(1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Generate(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkState(b *testing.B) {
	p, err := money.NewPurse(money.Caps{USD: 5}, money.Spent{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_ = p.State()
	}
}
