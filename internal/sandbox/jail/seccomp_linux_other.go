//go:build linux && !amd64 && !arm64

package jail

// abis is empty: nobody has looked at the system calls of this architecture, so
// that no worker starts on it.
var abis = map[string]abi{}
