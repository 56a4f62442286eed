package main

import "cmp"

// An unattended run is a part of another command.
type unattended struct {
	again  string // the command that goes on with it; empty for `evalr run`
	other  string // the flag that names another folder; empty for --out
	failed bool   // ask again what failed, also of a run that finished
	from   int    // leave trials before this one alone
}

// resume is the command that goes on with a run.
func (u unattended) resume(dir string) string { return cmp.Or(u.again, resumeCommand(dir)) }

// elsewhere is the flag that takes a run to another folder.
func (u unattended) elsewhere() string { return cmp.Or(u.other, "--out") }
