package jail

import (
	"encoding/binary"
	"sync"

	"golang.org/x/sys/unix"
)

// Rights of Landlock (linux/landlock.h).
const (
	fsExecute = 1 << iota
	fsWriteFile
	fsReadFile
	fsReadDir
	fsRemoveDir
	fsRemoveFile
	fsMakeChar
	fsMakeDir
	fsMakeReg
	fsMakeSock
	fsMakeFifo
	fsMakeBlock
	fsMakeSym
	fsRefer
	fsTruncate
	fsIoctlDev

	fsFirst = fsRefer - 1 // of the first ABI

	netBoth   = 3 // bind and connect by TCP
	scopeBoth = 3 // abstract sockets, signals
)

// LandlockABI is what the kernel has: 0 for none.
var LandlockABI = sync.OnceValue(func() int {
	r, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if e != 0 {
		return 0
	}
	return int(r)
})

// handled gives the rights over files that an ABI knows.
func handled(abi int) uint64 {
	rights := uint64(fsFirst)
	if abi >= 2 {
		rights |= fsRefer
	}
	if abi >= 3 {
		rights |= fsTruncate
	}
	if abi >= 5 {
		rights |= fsIoctlDev
	}
	return rights
}

// A landlockRule gives rights below a folder.
type landlockRule struct {
	path   string
	rights uint64
}

// landlockRules is what programs may do with files: read and run what is there,
// write in their own folders, write to devices and to their own /proc.
func landlockRules(abi int) []landlockRule {
	all := handled(abi)
	return []landlockRule{
		{"/", fsExecute | fsReadFile | fsReadDir},
		{"/tmp", all &^ (fsMakeChar | fsMakeBlock)},
		{"/dev/shm", all &^ (fsMakeChar | fsMakeBlock)},
		{"/dev", all & (fsWriteFile | fsTruncate | fsIoctlDev)},
		{"/proc", all & (fsWriteFile | fsTruncate)},
	}
}

// landlockRuleset is the attribute of a new ruleset: no TCP, no abstract sockets
// and no signals beyond the program's own processes.
func landlockRuleset(abi int) []byte {
	attr := binary.NativeEndian.AppendUint64(nil, handled(abi))
	if abi >= 4 {
		attr = binary.NativeEndian.AppendUint64(attr, netBoth)
	}
	if abi >= 6 {
		attr = binary.NativeEndian.AppendUint64(attr, scopeBoth)
	}
	return attr
}

// landlockFd is where a rule finds its folder: the attribute is written before
// the folder is opened.
const landlockFd = 60

func landlockRuleAttr(rights uint64) []byte {
	attr := binary.NativeEndian.AppendUint64(nil, rights)
	return binary.NativeEndian.AppendUint32(attr, landlockFd)
}

// landlock restricts the process that the script runs in, where the kernel can.
func (w *writer) landlock() {
	abi := LandlockABI()
	if abi == 0 {
		return
	}
	w.at("restrict by Landlock")
	attr := landlockRuleset(abi)
	w.do(unix.SYS_LANDLOCK_CREATE_RULESET, attr, len(attr), 0)
	w.keepsIn(1)
	for _, r := range landlockRules(abi) {
		w.do(unix.SYS_OPENAT, unix.AT_FDCWD, r.path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		w.keepsIn(2)
		w.do(unix.SYS_DUP3, slot(2), landlockFd, unix.O_CLOEXEC)
		w.do(unix.SYS_LANDLOCK_ADD_RULE, slot(1), 1, landlockRuleAttr(r.rights), 0) // LANDLOCK_RULE_PATH_BENEATH
		w.do(unix.SYS_CLOSE, slot(2))
	}
	w.do(unix.SYS_CLOSE, landlockFd)
	w.do(unix.SYS_LANDLOCK_RESTRICT_SELF, slot(1), 0)
	w.do(unix.SYS_CLOSE, slot(1))
}
