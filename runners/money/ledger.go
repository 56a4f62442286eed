package money

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A Sum is money and tokens together.
type Sum struct {
	USD    amount `json:"usd"`
	Tokens int64  `json:"tokens"`
}

func (s Sum) plus(t Sum) Sum { return Sum{s.USD.plus(t.USD), min(s.Tokens+t.Tokens, int64(most))} }

// less takes t off, down to nothing.
func (s Sum) less(t Sum) Sum { return Sum{max(s.USD-t.USD, 0), max(s.Tokens-t.Tokens, 0)} }

// within says whether s is at most t in money and in tokens.
func (s Sum) within(t Sum) bool { return s.USD <= t.USD && s.Tokens <= t.Tokens }

func larger(s, t Sum) Sum  { return Sum{max(s.USD, t.USD), max(s.Tokens, t.Tokens)} }
func smaller(s, t Sum) Sum { return Sum{min(s.USD, t.USD), min(s.Tokens, t.Tokens)} }

// An Entry is what a Ledger holds.
type Entry struct {
	// Spent is the sum when the entry was written.
	Spent Sum `json:"spent"`
	// Mark is how far the run may have gone since: nothing is sent whose worst case
	// would pass it.
	Mark Sum `json:"mark"`
	// Clean says that the run ended in order, so that Spent is exact.
	Clean bool `json:"clean"`
	// Assumed is the part of Spent that earlier deaths left uncertain.
	Assumed Sum `json:"assumed"`
}

// A Ledger keeps what was spent over the ends and deaths of the program.
type Ledger interface {
	// Load gives the last entry, or the zero Entry.
	Load() (Entry, error)
	// Save returns when the entry will outlive the machine's crash.
	Save(Entry) error
}

// LedgerFile is the name of the ledger in a run folder.
const LedgerFile = "budget.json"

// FileLedger is a Ledger in the run folder dir.
func FileLedger(dir string) Ledger { return fileLedger(filepath.Join(dir, LedgerFile)) }

type fileLedger string

// fileEntry is an Entry as it is written.
type fileEntry struct {
	Version int `json:"version"`
	Entry
}

// Load reads the file. An absent one is an empty ledger; one that cannot be
// understood is an error, because what was spent is then not known. What a death
// left half written is taken away: a run folder has one writer.
func (path fileLedger) Load() (Entry, error) {
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(string(path)), LedgerFile+".*.tmp")); err == nil {
		for _, f := range left {
			_ = os.Remove(f)
		}
	}
	text, err := os.ReadFile(string(path))
	if errors.Is(err, fs.ErrNotExist) {
		return Entry{}, nil
	}
	var e fileEntry
	if err == nil {
		err = json.Unmarshal(text, &e)
	}
	if err == nil {
		err = e.check()
	}
	if err != nil {
		return Entry{}, fmt.Errorf("%s: what earlier runs spent cannot be read: %w: put the file right, or take it away so that only the costs of the recorded attempts count", string(path), err)
	}
	return e.Entry, nil
}

func (e fileEntry) check() error {
	if e.Version != 1 {
		return fmt.Errorf("version %d is not known", e.Version)
	}
	for _, s := range [...]Sum{e.Spent, e.Mark, e.Assumed} {
		if s.USD < 0 || s.Tokens < 0 {
			return errors.New("a sum is below 0")
		}
	}
	return nil
}

// Save puts the file into place whole, and asks the disk to keep it.
func (path fileLedger) Save(e Entry) (err error) {
	text, err := json.MarshalIndent(fileEntry{1, e}, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(string(path))
	f, err := os.CreateTemp(dir, LedgerFile+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), string(path)); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	// Some file systems cannot sync a folder; the rename is then as safe as it gets.
	_ = d.Sync()
	return d.Close()
}
