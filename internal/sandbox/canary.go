package sandbox

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// canaryScript looks at its sandbox with nothing but a shell. "$1" is a file of
// the host that must not be seen.
const canaryScript = `
bad() { echo "$1"; exit 1; }
[ ! -e "$1" ] || bad "a file of the host is seen"
[ -z "$EVALR_CANARY" ] || bad "the environment of the host is seen"
for place in / /usr /program /dev; do
  if (: >"$place/evalr-canary") 2>/dev/null; then bad "$place can be written"; fi
done
(: >/tmp/evalr-canary) 2>/dev/null || bad "/tmp cannot be written"
lines=0
while read -r line; do lines=$((lines + 1)); done </proc/net/route
[ "$lines" -le 1 ] || bad "there is a network"
while read -r key value; do
  case "$key" in
  CapEff:|CapPrm:) [ "$value" = 0000000000000000 ] || bad "the program has capabilities" ;;
  NoNewPrivs:) [ "$value" = 1 ] || bad "the program can gain rights" ;;
  Seccomp:) [ "$value" = 2 ] || bad "system calls are not filtered" ;;
  Uid:) [ "${value%%[!0-9]*}" != 0 ] || bad "the program is root" ;;
  esac
done </proc/self/status
for fd in /proc/self/fd/*; do
  case "${fd##*/}" in 0|1|2) ;; *) [ ! -p "$fd" ] && [ ! -S "$fd" ] || bad "a descriptor of the host is seen" ;; esac
done
echo isolated
`

// tryCanary runs a program in an engine that looks whether it is isolated. A
// file that cannot be made is no reason not to look at the rest.
func tryCanary(ctx context.Context, e engine) error {
	args := []string{"/bin/sh", programDir + "/canary.sh"}
	if f, err := os.CreateTemp("", "evalr-canary-*"); err == nil {
		defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
		_ = f.Close()
		args = append(args, f.Name())
	}
	limits := Limits{CPU: 5 * time.Second, Wall: 20 * time.Second}.Filled()
	r, err := e.run(ctx, task{
		argv: args, env: environment, limits: limits, address: limits.Memory,
		files: []file{{name: "canary.sh", data: []byte(canaryScript)}},
	})
	if err != nil {
		return err
	}
	if r.Status != OK || string(r.Stdout) != "isolated\n" {
		said := strings.TrimSpace(string(r.Stdout) + " " + string(r.Stderr) + " " + r.Message)
		return fmt.Errorf("%w: the canary in the tier %s: %s: %s", ErrNotIsolated, e.tier(), r.Status, said)
	}
	return nil
}
