#!/usr/bin/env bash
# Runs govulncheck; when its database cannot be reached, says so and goes on.
set -uo pipefail

out=$(timeout 120 ./bin/govulncheck ./... 2>&1)
code=$?
case "$code:$out" in
  0:*) echo "govulncheck: no known vulnerability is reached" ;;
  124:* | *"fetching vulnerabilities"* | *"dial tcp"* | *"no such host"* | *"Forbidden"* | *"connection refused"*)
    echo "govulncheck: SKIPPED: its database cannot be reached from here" ;;
  *) printf '%s\n' "$out"; exit "$code" ;;
esac
