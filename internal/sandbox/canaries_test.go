//go:build linux

package sandbox_test

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// canaries are what a program must not find, reach, change or end: a secret word
// in the environment and the files of the harness, an open descriptor of such a
// file, listeners of every kind, and a process beside the harness.
type canaries struct {
	word    string            // the secret
	name    string            // of files that programs try to make
	folder  string            // of the host, writable by everyone
	secrets []string          // files that hold the word
	words   *strings.Replacer // fills in sources and inputs

	mu       sync.Mutex
	visitors []string // who came to a listener
	open     []io.Closer

	sibling      *exec.Cmd
	siblingEnded chan struct{}
}

// newCanaries sets them up; they end with the test, or by close.
func newCanaries(t *testing.T) *canaries {
	t.Helper()
	c := &canaries{word: "canary" + rand.Text(), name: "evalr-canary-" + strconv.Itoa(os.Getpid()), siblingEnded: make(chan struct{})}
	t.Setenv("EVALR_CANARY", c.word)
	t.Cleanup(c.close)
	c.hideFiles(t)
	words := []string{"{word}", c.word, "{drow}", backwards(c.word), "{canary}", c.name, "{folder}", c.folder, "{secretfile}", c.secrets[0], "{secrethome}", c.secrets[1]}
	words = append(words, c.listen(t)...)
	c.startSibling(t)
	words = append(words, "{pid}", strconv.Itoa(c.sibling.Process.Pid))
	c.words = strings.NewReplacer(words...)
	return c
}

// hideFiles writes the word where every user may read it, and leaves one of the
// files open for every child to inherit.
func (c *canaries) hideFiles(t *testing.T) {
	t.Helper()
	folder, err := os.MkdirTemp("", "evalr-hostile-*")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	require.NoError(t, os.Chmod(folder, 0o777))
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = folder
	}
	home := filepath.Join(cache, c.name)
	require.NoError(t, os.MkdirAll(home, 0o755))
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	c.folder, c.secrets = folder, []string{filepath.Join(folder, "secret"), filepath.Join(home, "secret")}
	for _, path := range c.secrets {
		require.NoError(t, os.WriteFile(path, []byte(c.word+"\n"), 0o644))
	}
	fd, err := unix.Open(c.secrets[0], unix.O_RDONLY, 0)
	require.NoError(t, err)
	c.open = append(c.open, os.NewFile(uintptr(fd), c.secrets[0]))
}

// listen opens the listeners and gives the words for their addresses.
func (c *canaries) listen(t *testing.T) []string {
	t.Helper()
	path, abstract := filepath.Join(c.folder, "socket"), c.name
	ports := map[string]string{"{unixpath}": path, "{abstract}": abstract, "{port6}": "1", "{vsock}": "1"}
	for word, at := range map[string][2]string{"{port}": {"tcp4", "127.0.0.1:0"}, "{port6}": {"tcp6", "[::1]:0"}, "": {"unix", path}, "@": {"unix", "@" + abstract}} {
		l, err := net.Listen(at[0], at[1])
		if err != nil && at[0] == "tcp6" {
			continue // this machine has no IPv6
		}
		require.NoError(t, err)
		c.open = append(c.open, l)
		go c.accept(l)
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			ports[word] = strconv.Itoa(a.Port)
		}
	}
	require.NoError(t, os.Chmod(path, 0o777))
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	c.open = append(c.open, udp)
	go func() {
		for {
			_, from, err := udp.ReadFrom(make([]byte, 16))
			if err != nil {
				return
			}
			c.visited("udp", from)
		}
	}()
	ports["{udp}"] = strconv.Itoa(udp.LocalAddr().(*net.UDPAddr).Port)
	if port, ok := c.listenVsock(); ok {
		ports["{vsock}"] = port
	}
	var words []string
	for word, port := range ports {
		words = append(words, word, port)
	}
	return words
}

func (c *canaries) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		c.visited(l.Addr().Network()+" "+l.Addr().String(), conn.RemoteAddr())
		_ = conn.Close()
	}
}

// listenVsock listens on the sockets between machines, where the kernel has them.
func (c *canaries) listenVsock() (port string, ok bool) {
	fd, err := unix.Socket(unix.AF_VSOCK, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return "", false
	}
	f := os.NewFile(uintptr(fd), "vsock")
	c.open = append(c.open, f)
	if unix.Bind(fd, &unix.SockaddrVM{CID: unix.VMADDR_CID_ANY, Port: unix.VMADDR_PORT_ANY}) != nil || unix.Listen(fd, 1) != nil {
		return "", false
	}
	at, err := unix.Getsockname(fd)
	raw, err2 := f.SyscallConn()
	vm, isVM := at.(*unix.SockaddrVM)
	if err != nil || err2 != nil || !isVM {
		return "", false
	}
	go func() {
		_ = raw.Read(func(fd uintptr) bool {
			conn, _, err := unix.Accept(int(fd))
			if err == nil {
				c.visited("vsock", nil)
				_ = unix.Close(conn)
			}
			return err == nil
		})
	}()
	return strconv.Itoa(int(vm.Port)), true
}

func (c *canaries) visited(listener string, from net.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.visitors = append(c.visitors, fmt.Sprint(listener, " from ", from))
}

// startSibling starts a process that waits for a line that never comes, with the
// word on its command line and in its environment.
func (c *canaries) startSibling(t *testing.T) {
	t.Helper()
	c.sibling = exec.Command("sh", "-c", "read -r line", "sh", c.word)
	stdin, err := c.sibling.StdinPipe()
	require.NoError(t, err)
	c.open = append(c.open, stdin)
	require.NoError(t, c.sibling.Start())
	go func() { _ = c.sibling.Wait(); close(c.siblingEnded) }()
}

// check fails the test for every canary that was touched.
func (c *canaries) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	assert.Empty(t, c.visitors, "connections from inside")
	c.mu.Unlock()
	select {
	case <-c.siblingEnded:
		t.Error("the process beside the harness was ended")
	default:
	}
	for _, path := range c.secrets {
		text, err := os.ReadFile(path)
		if assert.NoError(t, err) {
			assert.Equal(t, c.word+"\n", string(text), "a file of the host was changed")
		}
	}
	cwd, _ := os.Getwd()
	home, _ := os.UserHomeDir()
	for _, at := range []string{c.folder, cwd, home, os.TempDir(), "/", "/etc", "/usr", "/usr/bin", "/usr/local/lib", "/opt", "/run", "/mnt", "/var", "/var/tmp", "/dev", "/dev/shm", "/home", "/root"} {
		for _, name := range []string{c.name, "left-over", "left", "sitecustomize.py"} {
			assert.NoFileExists(t, filepath.Join(at, name), "made from inside")
			assert.NoDirExists(t, filepath.Join(at, name), "made from inside")
		}
	}
}

// close ends them. It may be called more than once.
func (c *canaries) close() {
	for _, o := range c.open {
		_ = o.Close()
	}
	c.open = nil
	if c.sibling != nil && c.sibling.Process != nil {
		<-c.siblingEnded // its input is closed
	}
}

func backwards(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}
