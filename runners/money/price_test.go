package money_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/money"
)

func TestCost(t *testing.T) {
	p := &money.Price{Model: "m", Input: number(2), CachedInput: number(0.5), Output: number(10)}
	for name, c := range map[string]struct {
		price *money.Price
		usage eval.Usage
		want  *float64
	}{
		"cached tokens are priced apart":  {p, eval.Usage{Prompt: count(1_000_000), Cached: count(400_000), Output: count(100_000)}, number(1.2 + 0.2 + 1)},
		"a thought is part of the output": {p, eval.Usage{Prompt: count(0), Output: count(100), Reasoning: count(90)}, number(0.001)},
		"no word of a cache":              {p, eval.Usage{Prompt: count(1_000_000), Output: count(0)}, number(2)},
		"more cached than sent":           {p, eval.Usage{Prompt: count(1_000_000), Cached: count(9_000_000), Output: count(0)}, number(0.5)},
		"prompt unknown":                  {p, eval.Usage{Output: count(5)}, nil},
		"output unknown":                  {p, eval.Usage{Prompt: count(5)}, nil},
		"price unknown":                   {nil, eval.Usage{Prompt: count(5), Output: count(5)}, nil},
		"time is paid":                    {&money.Price{Model: "m", GPUHour: number(2)}, eval.Usage{Prompt: count(5), Output: count(5)}, nil},
		"no cached price": {
			&money.Price{Model: "m", Input: number(2), Output: number(10)}, eval.Usage{Prompt: count(1_000_000), Cached: count(1_000_000), Output: count(0)}, number(2),
		},
		"writes to the cache are not told apart": {
			&money.Price{Model: "m", Input: number(2), CachedInput: number(0.5), CacheWrite: number(2.5), Output: number(0)},
			eval.Usage{Prompt: count(1_000_000), Cached: count(400_000), Output: count(0)}, number(0.6*2.5 + 0.4*0.5),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.price.Cost(c.usage)
			if c.want == nil {
				assert.Nil(t, got)
				return
			}
			require.NotNil(t, got)
			assert.InDelta(t, *c.want, *got, 1e-12)
		})
	}
}

func TestLongPromptsHaveTheirOwnPrice(t *testing.T) {
	rows := read(t, `
prices:
  - {model: m, input: 1, output: 10, above: {tokens: 1000, input: 2, output: 15}}
`)
	p := &rows[0]
	assert.InDelta(t, 1000e-6+10e-5, *p.Cost(eval.Usage{Prompt: count(1000), Output: count(10)}), 1e-12)
	assert.InDelta(t, 2*1001e-6+15e-5, *p.Cost(eval.Usage{Prompt: count(1001), Output: count(10)}), 1e-12)
}

func TestBatch(t *testing.T) {
	p := &money.Price{Model: "m", Input: number(2), Output: number(10), BatchDiscount: number(0.5)}
	u := eval.Usage{Prompt: count(1_000_000), Output: count(1_000_000)}
	assert.InDelta(t, 6, *p.Batch().Cost(u), 1e-12)
	assert.InDelta(t, 12, *p.Cost(u), 1e-12)
	p.BatchDiscount = nil
	assert.Same(t, p, p.Batch(), "a discount that is not known is none")
	assert.Nil(t, (*money.Price)(nil).Batch())
}

func read(t *testing.T, text string) []money.Price {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	rows, err := money.ReadPrices(path)
	require.NoError(t, err)
	return rows
}

func TestShippedPricesNameTheirSource(t *testing.T) {
	rows := money.Shipped()
	require.NotEmpty(t, rows)
	for _, p := range rows {
		assert.True(t, strings.HasPrefix(p.Source, "https://"), "%s has no source", p.Model)
		assert.NotEmpty(t, p.Kind, p.Model)
		assert.NotContains(t, p.Model, "*", "what was not on the page is not shipped")
		assert.Positive(t, *p.Input, p.Model)
		assert.Positive(t, *p.Output, p.Model)
	}
}

func TestTheNearestRowIsTaken(t *testing.T) {
	table := money.NewPrices(read(t, `
prices:
  - {model: "qwen*", input: 1, output: 1}
  - {model: "qwen3-*", input: 2, output: 2, date: 2026-11-01}
  - {model: qwen3-32b, input: 3, output: 3}
  - {model: "qwen3-*", kind: openrouter, input: 4, output: 4}
  - {model: "deepseek-v?-pro", input: 5, output: 5}
  - {model: "*", kind: vllm, gpu_hour: 2.50}
  - {model: "org/*:free", input: 0, output: 0}
`))
	for _, c := range []struct {
		m    money.Model
		want float64
	}{
		{money.Model{Name: "qwen2"}, 1},
		{money.Model{Name: "qwen3-8b"}, 2},
		{money.Model{Name: "qwen3-32b"}, 3},
		{money.Model{Kind: "openrouter", Name: "qwen3-32b"}, 4},
		{money.Model{Kind: "deepseek", Name: "deepseek-v4-pro"}, 5},
		{money.Model{Kind: "deepseek", Name: "deepseek-flash"}, 0.30},
		{money.Model{Name: "org/a/b:free"}, 0},
	} {
		p := table.Of(c.m)
		require.NotNil(t, p, "%v", c.m)
		assert.InDelta(t, c.want, *p.Input, 1e-12, "%v", c.m)
	}
	assert.InDelta(t, 2.5, *table.Of(money.Model{Kind: "vllm", Name: "anything/at-all"}).GPUHour, 1e-12)
	assert.Nil(t, table.Of(money.Model{Kind: "openai", Name: "deepseek-flash"}), "a price is that of one service")
	assert.Nil(t, table.Of(money.Model{Kind: "deepseek", Name: "deepseek-flash", Elsewhere: true}), "another server has other prices")
	assert.Nil(t, table.Of(money.Model{Kind: "openai", Name: "nobody-knows"}))
	assert.Equal(t, "2026-11-01", table.Of(money.Model{Name: "qwen3-8b"}).Date)
}

func TestWhatIsWrongWithAPriceFileIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":         {"prices:\n  - model: m\n    inputs: 1\n", `p.yaml:3: unknown key "inputs": did you mean input`},
		"unknown top key":     {"price:\n  - model: m\n", `p.yaml:1: unknown key "price": did you mean prices?`},
		"unknown key below":   {"prices:\n  - model: m\n    input: 1\n    output: 1\n    above: {token: 5}\n", `p.yaml:5: unknown key "token": did you mean tokens?`},
		"a text for a number": {"prices:\n  - model: m\n    input: cheap\n    output: 1\n", "p.yaml:3: input: want a number, not a string"},
		"a number for a text": {"prices:\n  - model: 4\n    input: 1\n    output: 1\n", "p.yaml:2: model: want a text, not a number"},
		"one price alone":     {"prices:\n  - model: m\n    input: 1\n", "p.yaml:2: input and output are both needed"},
		"no model":            {"prices:\n  - input: 1\n    output: 1\n", "p.yaml:2: model is missing"},
		"below nothing":       {"prices:\n  - model: m\n    input: 1\n    output: -1\n", "p.yaml:4: output -1: want a price from 0"},
		"too dear":            {"prices:\n  - model: m\n    input: 1e9\n    output: 1\n", "p.yaml:3: input 1e+09: want a price from 0 to 1000000"},
		"tokens and time":     {"prices:\n  - model: m\n    gpu_hour: 2\n    input: 1\n", "p.yaml:4: input stands beside gpu_hour"},
		"a wrong discount":    {"prices:\n  - model: m\n    input: 1\n    output: 1\n    batch_discount: 50\n", "p.yaml:5: batch_discount 50: want the part that is saved"},
		"a wrong date":        {"prices:\n  - model: m\n    input: 1\n    output: 1\n    date: yesterday\n", `p.yaml:5: date "yesterday": want a day like`},
		"half a tier":         {"prices:\n  - model: m\n    input: 1\n    output: 1\n    above:\n      tokens: 5\n", "p.yaml:5: above needs tokens"},
		"a model twice":       {"prices:\n  - {model: m, input: 1, output: 1}\n  - {model: m, input: 2, output: 1}\n", `p.yaml:3: model "m" stands at`},
		"no rows":             {"prices: []\n", "p.yaml:1: want the key prices, and under it a list of rows"},
		"no mapping":          {"- model: m\n", "p.yaml: want the key prices"},
		"empty":               {"", "p.yaml: the file is empty"},
		"comments alone":      {"# none yet\n", "p.yaml:"},
		"no YAML":             {"prices:\n  - model: [m\n", "p.yaml:"},
		"a key twice":         {"prices:\n  - model: m\n    input: 1\n    input: 2\n    output: 1\n", `p.yaml:4: mapping key "input" already defined at line 3`},
		"two documents":       {"prices: []\n---\nprices: []\n", "p.yaml: expected single document"},
		"no number":           {"prices:\n  - {model: m, input: .nan, output: 1}\n", "p.yaml:2: want plain keys and values"},
		"a row of text":       {"prices:\n  - m\n", "p.yaml:2: want a row of keys and values"},
		"an alias":            {"prices:\n  - &a {model: m, input: 1, output: 1}\n  - *a\n", "p.yaml:3: write the values out"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "p.yaml")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
			_, err := money.ReadPrices(path)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := money.ReadPrices(filepath.Join(t.TempDir(), "none.yaml"))
	require.ErrorContains(t, err, "read the price file")
}

func FuzzReadPrices(f *testing.F) {
	f.Add("prices:\n  - {model: \"a*b?\", kind: openai, input: 1, cached_input: 0.1, output: 2, above: {tokens: 9, input: 2, output: 3}, batch_discount: 0.5}\n", "axxbc")
	f.Add("prices: [{model: m, gpu_hour: 1.5, date: 2026-01-02}]", "m")
	f.Add("prices: [{model: m, input: .nan, output: .inf}]", "m")
	f.Fuzz(func(t *testing.T, text, name string) {
		path := filepath.Join(t.TempDir(), "p.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		rows, err := money.ReadPrices(path)
		if err != nil {
			return
		}
		p := money.NewPrices(rows).Of(money.Model{Kind: "openai", Name: name})
		u := eval.Usage{Prompt: count(1 << 40), Output: count(1 << 40), Cached: count(5)}
		if c := p.Cost(u); c != nil {
			assert.GreaterOrEqual(t, *c, 0.0)
		}
		p.Batch().Cost(u)
	})
}
