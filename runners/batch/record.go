package batch

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A phase is how far a batch is known to be.
type phase string

const (
	prepared  phase = "prepared"  // written down; whether it was submitted is not known
	submitted phase = "submitted" // the service has given it an id
	ended     phase = "ended"     // the service is done with it
	collected phase = "collected" // its results are in the folder
	gone      phase = ""          // it never was; not in any file
)

// A record is what the folder knows of a batch. Requests does not change once the
// batch is submitted; the rest is guarded by the runner's lock.
type record struct {
	// Client is the id that this program gives the batch, and the service keeps as
	// metadata where it can.
	Client   string    `json:"client"`
	Model    string    `json:"model"`
	Base     string    `json:"base"`
	Endpoint string    `json:"endpoint"`
	Written  time.Time `json:"written"`
	// Sent is when the submission was begun; zero if it never was.
	Sent time.Time `json:"sent,omitzero"`
	// File is the uploaded requests, ID the batch, as the service names them.
	File   string `json:"file,omitempty"`
	ID     string `json:"id,omitempty"`
	Phase  phase  `json:"phase"`
	Status status `json:"status,omitzero"`
	// Short says that the results lack some of the answers that the service counts.
	Short bool `json:"short,omitempty"`
	// Requests gives the key of every custom id, as people read it.
	Requests map[string]string `json:"requests"`

	index map[string]span // where the answers are in the results; nil until that is known
}

// A span is a line of the results.
type span struct{ at, size int64 }

func newRecord(model, base, endpoint string) *record {
	var random [12]byte
	_, _ = rand.Read(random[:]) // never fails
	return &record{
		Client: "evalr-" + hex.EncodeToString(random[:]), Model: model, Base: base, Endpoint: endpoint,
		Written: time.Now().UTC(), Phase: prepared, Requests: map[string]string{},
	}
}

func (b *record) file(dir string) string { return filepath.Join(dir, b.Client+".json") }

func (b *record) results(dir string) string { return filepath.Join(dir, b.Client+".results.jsonl") }

func (b *record) remove(dir string) error {
	err := os.Remove(b.file(dir))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// called is how people name the batch.
func (b *record) called() string { return cmp.Or(b.ID, b.Client) }

// readRecords reads the batches of a folder, by the client's id. A folder that is
// missing holds none.
func readRecords(dir string) (map[string]*record, error) {
	records := map[string]*record{}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read the batches of the run: %w", err)
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || e.IsDir() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read a batch of the run: %w", err)
		}
		b := &record{}
		if err := json.Unmarshal(text, b); err != nil {
			return nil, fmt.Errorf("%s: no batch is understood (%w): put the file back as it was; without it its requests are paid again", path, err)
		}
		if err := b.check(name); err != nil {
			return nil, fmt.Errorf("%s: %w: put the file back as it was; without it its requests are paid again", path, err)
		}
		records[name] = b
	}
	return records, nil
}

// saltFile holds what tells the requests of this run from equal ones of others.
const saltFile = "salt"

// readSalt reads the salt of the run's folder, and makes one in a folder without
// batches.
func readSalt(dir string, used bool) (string, error) {
	path := filepath.Join(dir, saltFile)
	text, err := os.ReadFile(path)
	salt := strings.TrimSpace(string(text))
	switch {
	case err == nil && len(salt) >= 16:
		return salt, nil
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("read the batches of the run: %w", err)
	case used:
		return "", fmt.Errorf("%s is missing or was changed: put it back as it was; without it all requests of the run are paid again", path)
	}
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	salt = hex.EncodeToString(random[:])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the folder of the run's batches: %w", err)
	}
	if err := putWhole(path, []byte(salt)); err != nil {
		return "", fmt.Errorf("make the folder of the run's batches: %w", err)
	}
	return salt, nil
}

// check says what a file of a batch lacks.
func (b *record) check(name string) error {
	switch {
	case b.Client != name:
		return fmt.Errorf("it is of the batch %q", b.Client)
	case !slices.Contains([]phase{prepared, submitted, ended, collected}, b.Phase):
		return fmt.Errorf("the phase %q is not known", b.Phase)
	case b.Phase != prepared && b.ID == "":
		return errors.New("its id is missing")
	}
	return nil
}

// holding gives the batches that hold each request, oldest first.
func holding(records map[string]*record) map[string][]*record {
	all := make([]*record, 0, len(records))
	for _, b := range records {
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b *record) int {
		return cmp.Or(a.Written.Compare(b.Written), cmp.Compare(a.Client, b.Client))
	})
	by := map[string][]*record{}
	for _, b := range all {
		for id := range b.Requests {
			by[id] = append(by[id], b)
		}
	}
	return by
}

// save changes a record and puts it into the folder.
func (r *Runner) save(b *record, change func()) error {
	r.mu.Lock()
	change()
	text, err := json.MarshalIndent(b, "", " ")
	r.mu.Unlock()
	if err != nil {
		return fmt.Errorf("write down a batch: %w", err)
	}
	if err := putWhole(b.file(r.o.Dir), text); err != nil {
		return fmt.Errorf("write down a batch: %w", err)
	}
	return nil
}

// putWhole puts a file into place whole or not at all, and onto the disk: what it
// says decides over money.
func putWhole(path string, text []byte) error {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in a folder last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
