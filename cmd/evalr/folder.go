package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
)

const runsDir = "runs"

// openRun finds or makes the run folder, and puts its path into h.spec.Out. The
// journal is nil when the folder holds a finished run of at least k trials.
func openRun(h *house, note func(string, ...any)) (journal *store.Journal, fresh bool, err error) {
	if err := h.chooseFolder(); err != nil {
		return nil, false, err
	}
	dir := h.spec.Out
	spec, err := json.Marshal(h.spec)
	if err != nil {
		return nil, false, fmt.Errorf("write the spec: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "run.json")); err != nil {
		if err := h.startable(); err != nil {
			return nil, false, err
		}
		if journal, err = store.Create(dir, h.manifest(spec)); err != nil {
			return nil, false, unwritable(fmt.Errorf("make the run folder: %w", err), "its parent must be a folder that may be written")
		}
		fresh = true
	} else {
		finished, err := h.matches(dir)
		if err != nil || finished && !h.failed {
			return nil, false, err
		}
		if err := h.startable(); err != nil {
			return nil, false, err
		}
		if journal, err = store.Resume(dir); err != nil {
			return nil, false, h.resumeError(dir, err)
		}
		for _, cut := range journal.Repairs() {
			note("warning: %s: %s", dir, cut)
		}
	}
	return journal, fresh, h.prepare(journal, spec)
}

func (u unattended) resumeError(dir string, err error) error {
	if errors.Is(err, store.ErrLocked) {
		return usage(fmt.Errorf("resume %s: %w", dir, err), "wait for the other evalr to end, or give another %s", u.elsewhere())
	}
	return unwritable(fmt.Errorf("resume %s: %w", dir, err), "")
}

// unwritable is an error of a folder that cannot be written: of the machine if its
// disk is full or broken, else of the command.
func unwritable(err error, hint string, args ...any) error {
	for _, broken := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO} {
		if errors.Is(err, broken) {
			return infrastructure(err, "nothing that was recorded is lost: make room, and give the same command again")
		}
	}
	return usage(err, hint, args...)
}

// prepare records the problems and brings the manifest up to date.
func (h *house) prepare(journal *store.Journal, spec []byte) error {
	for _, s := range h.suites {
		if err := journal.PutProblems(s.Benchmark.Name, s.Problems); err != nil {
			return infrastructure(fmt.Errorf("record the problems of %s: %w", s.Benchmark.Name, err), "")
		}
	}
	err := journal.SetManifest(func(m *store.Manifest) {
		now := h.manifest(spec)
		m.Spec, m.Version = now.Spec, now.Version
		m.Hold(now.Isolation)
	})
	if err != nil {
		return unwritable(fmt.Errorf("write the manifest: %w", err), "")
	}
	return nil
}

// chooseFolder sets h.spec.Out: as given, else the newest unfinished run of the
// same spec, else a new name.
func (h *house) chooseFolder() error {
	if h.spec.Out != "" {
		return nil
	}
	dir, ok, err := store.Find(runsDir, h.spec.hash())
	if err != nil {
		return usage(fmt.Errorf("look for an unfinished run: %w", err), "")
	}
	if !ok {
		name := time.Now().UTC().Format("20060102-150405") + "-" + fileName(h.spec.label())
		dir = filepath.Join(runsDir, name)
		for i := 2; exists(dir); i++ {
			dir = filepath.Join(runsDir, fmt.Sprintf("%s-%d", name, i))
		}
	}
	h.spec.Out = dir
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// fileName keeps of a label what is safe in a file's name.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", r) {
			return r
		}
		return '-'
	}, s)
	return strings.Trim(s[:min(len(s), 60)], "-.")
}

// matches checks that a run folder holds a run of this spec over these files;
// finished says that there is nothing left to do.
func (h *house) matches(dir string) (finished bool, err error) {
	run, err := store.Open(dir)
	if err != nil {
		return false, usage(fmt.Errorf("open the run folder: %w", err), "if it cannot be mended, give another %s for a new run", h.elsewhere())
	}
	m := run.Manifest()
	var was Spec
	if err := json.Unmarshal(m.Spec, &was); err != nil {
		return false, usage(fmt.Errorf("%s: read the spec of the run: %w", dir, err), "")
	}
	if m.SpecHash != h.spec.hash() {
		return false, usage(fmt.Errorf("%s holds a run of another spec:\n  %s", dir, strings.Join(differences(was, h.spec), "\n  ")),
			"give another %s, or continue that run with: %s", h.elsewhere(), resumeCommand(dir))
	}
	for name, files := range h.files {
		if old, ok := m.Datasets[name]; ok && !slices.EqualFunc(old, files, sameFile) {
			return false, usage(fmt.Errorf("%s: the files of %s are not those that the run was started with", dir, name),
				"give the same --data, or another %s for a new run", h.elsewhere())
		}
	}
	for _, s := range h.suites {
		if h.spec.trials(s.Benchmark.Name) > was.trials(s.Benchmark.Name) {
			return false, nil
		}
	}
	return m.Status == "finished" && h.spec.wantsNoMore(was), nil
}

func sameFile(a, b eval.File) bool { return a.SHA256 == b.SHA256 }

// seen gathers what servers report of themselves, by model.
type seen map[string]*store.ModelInfo

func (s seen) add(a eval.Attempt) {
	info := s[a.Key.Model]
	if info == nil {
		info = &store.ModelInfo{}
		s[a.Key.Model] = info
	}
	info.ServedAs = once(info.ServedAs, a.Response.Model)
	info.Fingerprints = once(info.Fingerprints, a.Response.Fingerprint)
}

// once adds a text to a list that does not hold it.
func once(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// closeRun ends the journal with a status and what the servers reported.
func (h *house) closeRun(journal *store.Journal, status string, reported seen) error {
	err := journal.SetManifest(func(m *store.Manifest) {
		m.Models = slices.Clone(m.Models)
		for i := range m.Models {
			if info := reported[m.Models[i].Label]; info != nil {
				for _, name := range info.ServedAs {
					m.Models[i].ServedAs = once(m.Models[i].ServedAs, name)
				}
				for _, f := range info.Fingerprints {
					m.Models[i].Fingerprints = once(m.Models[i].Fingerprints, f)
				}
			}
		}
		now := time.Now().UTC()
		m.Status, m.Updated = status, now
		m.Hold(h.sandbox.isolation())
		if status == "finished" {
			m.Finished = &now
		}
	})
	return errors.Join(err, journal.Close())
}
