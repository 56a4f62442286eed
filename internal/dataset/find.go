// Package dataset finds the published files of a dataset and decodes them into
// rows. It knows nothing of problems or prompts.
package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNotFound says that none of the files of a dataset is there.
var ErrNotFound = errors.New("no file of the dataset is there")

// A Source says which published files a dataset has and where they may lie.
type Source struct {
	// Folders are the names of the dataset's own folder, the first the usual one.
	Folders []string
	// Files are the file names that will do, in order of preference.
	Files []string
}

// Find gives the path of the first file there is. Each of dirs is the dataset's
// folder or the parent of such folders; an earlier dir wins over a better file.
// The cache folder home is searched last. The error wraps ErrNotFound and says
// where it looked and what would help.
func (s Source) Find(dirs []string, home string) (string, error) {
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return "", fmt.Errorf("the data folder %s is not there", dir)
		}
	}
	if home != "" {
		dirs = append(dirs[:len(dirs):len(dirs)], filepath.Join(home, "data"))
	}
	for _, dir := range dirs {
		for _, path := range s.candidates(dir) {
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path, nil
			}
		}
	}
	where := "no folder was given"
	if len(dirs) > 0 {
		where = "looked in " + strings.Join(dirs, ", ")
	}
	return "", fmt.Errorf("%w: need %s; %s: put the published file into a folder %s/ and name its parent by --data DIR or EVALR_DATA",
		ErrNotFound, strings.Join(s.Files, " or "), where, s.Folders[0])
}

// generic are file names that many datasets have.
var generic = map[string]bool{"test.jsonl": true, "test.parquet": true}

// candidates lists the paths at which a file may lie under dir: in the
// dataset's folder, or in dir itself. A generic name counts in dir itself only
// if dir bears the dataset's name, lest one dataset be taken for another.
func (s Source) candidates(dir string) []string {
	var out []string
	for _, folder := range s.Folders {
		for _, file := range s.Files {
			out = append(out, filepath.Join(dir, folder, file))
		}
	}
	base := filepath.Base(dir)
	if absolute, err := filepath.Abs(dir); err == nil {
		base = filepath.Base(absolute)
	}
	named := slices.ContainsFunc(s.Folders, func(f string) bool { return strings.EqualFold(f, base) })
	for _, file := range s.Files {
		if named || !generic[file] {
			out = append(out, filepath.Join(dir, file))
		}
	}
	return out
}

// Load finds the dataset's file and reads it.
func (s Source) Load(dirs []string, home string) (File, error) {
	path, err := s.Find(dirs, home)
	if err != nil {
		return File{}, err
	}
	return Read(path)
}

// Map loads a dataset and turns each of its rows into a T; rows for which turn
// says false are left out. A dataset of which nothing is left is an error.
func Map[T any](s Source, dirs []string, home string, turn func(Row) (T, bool, error)) ([]T, File, error) {
	file, err := s.Load(dirs, home)
	if err != nil {
		return nil, file, err
	}
	var out []T
	for _, row := range file.Rows {
		t, wanted, err := turn(row)
		if err != nil {
			return nil, file, err
		}
		if wanted {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil, file, fmt.Errorf("%s holds none of the problems that are wanted", file.Path)
	}
	return out, file, nil
}
