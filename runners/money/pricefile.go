package money

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/evalr/evalr/internal/strict"
)

// priceFile is a whole price file.
type priceFile struct {
	Prices []Price `json:"prices"`
}

// ReadPrices reads a price file. Errors name the file, the line and what to write
// instead.
func ReadPrices(path string) ([]Price, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the price file: %w", err)
	}
	return parsePrices(path, text)
}

const wantRows = "want the key prices, and under it a list of rows, each with a model and its prices"

// maxPriceFile bounds what is parsed: a price file is written by hand.
const maxPriceFile = 4 << 20

func parsePrices(path string, text []byte) ([]Price, error) {
	if len(text) > maxPriceFile {
		return nil, fmt.Errorf("%s: %d bytes are too many for a price file", path, len(text))
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s: the file is empty: %s", path, wantRows)
	}
	root, err := strict.Parse(path, text)
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: %s", path, wantRows)
	}
	if err := strict.CheckKeys(path, root, reflect.TypeFor[priceFile]()); err != nil {
		return nil, err
	}
	rows := valueOf(root, "prices")
	if rows == nil || rows.Kind != yaml.SequenceNode || len(rows.Content) == 0 {
		return nil, fmt.Errorf("%s:%d: %s", path, root.Line, wantRows)
	}
	out := make([]Price, len(rows.Content))
	for i, row := range rows.Content {
		if err := decodeRow(path, row, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, twice(out)
}

// decodeRow reads a row and says on which line it stands.
func decodeRow(path string, row *yaml.Node, into *Price) error {
	if row.Kind == yaml.AliasNode {
		return fmt.Errorf("%s:%d: write the values out: a price file has no aliases", path, row.Line)
	}
	if row.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: want a row of keys and values, as in: - model: NAME", path, row.Line)
	}
	if err := strict.Decode(path, row, into); err != nil {
		return err
	}
	into.From = fmt.Sprintf("%s:%d", path, row.Line)
	if key, err := into.check(); err != nil {
		return fmt.Errorf("%s:%d: %w", path, lineOf(row, key), err)
	}
	return nil
}

// check says what is wrong with a row, and at which key.
func (p *Price) check() (key string, err error) {
	if strings.TrimSpace(p.Model) == "" {
		return "model", errors.New("model is missing: give the name as served, or a pattern with *")
	}
	prices := []named{{"input", p.Input}, {"cached_input", p.CachedInput}, {"cache_write", p.CacheWrite}, {"output", p.Output}}
	if p.GPUHour != nil {
		for _, x := range prices {
			if x.price != nil {
				return x.key, fmt.Errorf("%s stands beside gpu_hour: a model is paid by tokens or by time, give one of them", x.key)
			}
		}
		if p.Above != nil || p.BatchDiscount != nil {
			return "gpu_hour", errors.New("gpu_hour stands alone: no above and no batch_discount goes with it")
		}
		return checkPrices(named{"gpu_hour", p.GPUHour})
	}
	if p.Input == nil || p.Output == nil {
		return "model", errors.New("input and output are both needed, in US dollars for a million tokens (or gpu_hour, for a server of your own); leave the whole row out if a price is unknown")
	}
	if key, err := checkPrices(prices...); err != nil {
		return key, err
	}
	if d := p.BatchDiscount; d != nil && (*d < 0 || *d >= 1) {
		return "batch_discount", fmt.Errorf("batch_discount %v: want the part that is saved, from 0 to below 1: 0.5 for half", *d)
	}
	if p.Date != "" {
		if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
			return "date", fmt.Errorf("date %q: want a day like 2026-11-30", p.Date)
		}
	}
	return p.checkAbove()
}

func (p *Price) checkAbove() (key string, err error) {
	a := p.Above
	if a == nil {
		return "", nil
	}
	if a.Tokens == nil || *a.Tokens <= 0 || a.Input == nil || a.Output == nil {
		return "above", errors.New("above needs tokens (a number above 0), input and output")
	}
	return checkPrices(named{"input", a.Input}, named{"cached_input", a.CachedInput}, named{"cache_write", a.CacheWrite}, named{"output", a.Output})
}

type named struct {
	key   string
	price *float64
}

// mostPrice keeps sums within what can be counted.
const mostPrice = 1e6

func checkPrices(prices ...named) (key string, err error) {
	for _, x := range prices {
		if x.price != nil && (*x.price < 0 || *x.price > mostPrice) {
			return x.key, fmt.Errorf("%s %v: want a price from 0 to %.0f US dollars", x.key, *x.price, mostPrice)
		}
	}
	return "", nil
}

// twice reports a model that has two rows.
func twice(rows []Price) error {
	seen := map[[2]string]string{}
	for _, p := range rows {
		id := [2]string{p.Kind, p.Model}
		if first, ok := seen[id]; ok {
			return fmt.Errorf("%s: model %q stands at %s already: take one of them out", p.From, p.Model, first)
		}
		seen[id] = p.From
	}
	return nil
}
