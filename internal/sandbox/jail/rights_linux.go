package jail

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// bound takes from the worker, and so from all that it starts, the capabilities
// that an exec could give: the bounding set is emptied, and uid 0 is nobody
// special. The worker keeps what it has, to make namespaces and mounts for each
// program; each program drops that. A worker that will itself exec keeps it by
// its ambient set.
func bound(execs bool) error {
	if execs {
		if err := keepByExec(); err != nil {
			return err
		}
	}
	for c := range uintptr(lastCapability() + 1) {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
			return err
		}
	}
	const noRoot, noRootLocked = 1, 2
	return unix.Prctl(unix.PR_SET_SECUREBITS, noRoot|noRootLocked, 0, 0, 0)
}

// keepByExec makes all capabilities of this thread ambient ones.
func keepByExec() error {
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&head, &data[0]); err != nil {
		return err
	}
	for i := range data {
		data[i].Inheritable = data[i].Permitted
	}
	if err := unix.Capset(&head, &data[0]); err != nil {
		return err
	}
	for c := range uintptr(lastCapability() + 1) {
		if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, c, 0, 0); err != nil && !errors.Is(err, unix.EPERM) {
			return err
		}
	}
	return nil
}

// lastCapability is the highest number that this kernel knows.
func lastCapability() int {
	text, _ := os.ReadFile("/proc/sys/kernel/cap_last_cap")
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return unix.CAP_LAST_CAP
	}
	return n
}
