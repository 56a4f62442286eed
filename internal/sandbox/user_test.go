package sandbox_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// ordinary is the user that the tests of root's are run again as.
const ordinary = 64999

// TestAsAnOrdinaryUser runs the tests of this package again without root's rights.
func TestAsAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the tests run as an ordinary user already")
	}
	open(t)
	dir, err := os.MkdirTemp("", "evalr-user-*")
	require.NoError(t, err)
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	require.NoError(t, os.Chmod(dir, 0o755))
	home := filepath.Join(dir, "home")
	require.NoError(t, os.Mkdir(home, 0o755))
	require.NoError(t, os.Chown(home, ordinary, ordinary))
	binary := filepath.Join(dir, "sandbox.test")
	copyFile(t, "/proc/self/exe", binary)
	require.NoError(t, os.CopyFS(filepath.Join(home, "testdata"), os.DirFS("testdata")))

	suite := ""
	if os.Getenv("EVALR_SLOW") != "" {
		suite = "TestHostileProgramsAreHeld|"
	}
	c := exec.Command(binary, "-test.v", "-test.run", "^("+suite+"TestAProgramEndsAsItsParentSaw|TestOutputIsBounded|TestFilesLieBesideTheProgramReadableOnly|TestNothingOfTheHostIsSeen|TestRightsCannotBeRegained|TestAForkBombIsBoundedAndGone|TestAnOrphanDoesNotHoldUpTheResult|TestKilledHarnessLeavesNothing|TestManyAtOnce|TestEveryLanguage|TestTwoProgramsTalk)$")
	c.Dir, c.Env = home, []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "TMPDIR=" + home, "EVALR_SHARED=" + os.Getenv("EVALR_SHARED")}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ordinary, Gid: ordinary}}
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	require.NotContains(t, string(out), "this machine cannot isolate", "as an ordinary user")
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	require.NoError(t, err)
	defer in.Close() //nolint:errcheck // read only
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}
