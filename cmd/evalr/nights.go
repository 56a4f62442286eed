package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/evalr/evalr/internal/leaderboard"
)

// gateFile is what was said of a night, in its run folder.
const gateFile = "gate.json"

// A verdictOfNight is the content of gateFile.
type verdictOfNight struct {
	Gate     leaderboard.Gate `json:"gate"`
	Accepted bool             `json:"accepted,omitempty"`
	Asked    inquiry          `json:"asked"`
}

// An inquiry is what a verdict answers; another one asks for another verdict.
type inquiry struct {
	Limits leaderboard.GateOptions `json:"limits"`
	Trials int                     `json:"trials"` // of each problem, at most
}

// nightsOf reads the run folders of a folder, the oldest first; other folders and
// files are passed over. A night is called as its folder; nights that begin with a
// date are in the order of their names. Nights that cannot be read are left out, and
// said: one of them is not to stop those that come.
func nightsOf(dir string) (nights []leaderboard.Night, damaged []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, usage(fmt.Errorf("read the nights: %w", err), "")
	}
	for _, e := range entries {
		run := filepath.Join(dir, e.Name())
		if info, err := os.Stat(run); err != nil || !info.IsDir() || !exists(filepath.Join(run, "run.json")) {
			continue
		}
		s, err := sourceOf(run)
		if err != nil {
			damaged = append(damaged, fmt.Sprintf("night %s is left out: %v", e.Name(), err))
			continue
		}
		n := leaderboard.Night{Source: s, Label: e.Name()}
		said, err := readVerdict(run)
		if err != nil {
			damaged = append(damaged, fmt.Sprintf("what was said of night %s is lost, and it is judged again: %v", e.Name(), err))
		} else if said != nil {
			n.Gate, n.Accepted = &said.Gate, said.Accepted
		}
		nights = append(nights, n)
	}
	slices.SortStableFunc(nights, func(a, b leaderboard.Night) int {
		return cmp.Or(a.When().Compare(b.When()), a.Date.Compare(b.Date), cmp.Compare(a.Label, b.Label))
	})
	return nights, damaged, nil
}

// readVerdict gives what was said of a night; nil if nothing was.
func readVerdict(dir string) (*verdictOfNight, error) {
	path := filepath.Join(dir, gateFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var v verdictOfNight
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err == nil && v.Gate.Decision == "" {
		err = errors.New("it holds no decision")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &v, nil
}

func writeVerdict(dir string, v verdictOfNight) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, gateFile), append(text, '\n')); err != nil {
		return unwritable(fmt.Errorf("keep what was said of the night: %w", err), "%s must be writable", dir)
	}
	return nil
}

// acceptNight takes the level of a night for the new one.
func acceptNight(dir, night string) error {
	run := filepath.Join(dir, filepath.Base(night))
	v, err := readVerdict(run)
	if err != nil {
		return usage(err, "`evalr nightly --date %s` judges the night again", filepath.Base(night))
	}
	if v == nil {
		return usage(fmt.Errorf("history: nothing was said of night %q under %s", night, dir), "`evalr history %s` names the nights; only those of `evalr nightly` can be accepted", dir)
	}
	if v.Gate.Decision == leaderboard.Infrastructure {
		return usage(fmt.Errorf("history: night %s is broken, and no level to judge by", night), "accept a night that was measured whole")
	}
	v.Accepted = true
	return writeVerdict(run, *v)
}

// writeFile puts a small derived file into place whole or not at all.
func writeFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
