#!/usr/bin/env bash
# Measures asking under load, with the fake server on the same machine: processor
# time a request beside a bare net/http client, 1,000 streams at 50 tokens a second,
# and 10,000 at 2. docs/benchmarks.md keeps the figures.
set -euo pipefail

go build -o bin/load ./eval/evaltest/load
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

serve() { # starts the server with the given flags
  [ -z "$server" ] || { kill "$server"; wait "$server" 2>/dev/null || true; }
  bin/load serve -addr 127.0.0.1:8096 "$@" >"$work/server.log" &
  server=$!
  until grep -q listening "$work/server.log"; do sleep 0.05; done
}

problems() { # a file of that many problems
  python3 - "$1" >"$work/problems.jsonl" <<'PY'
import json, sys
for i in range(int(sys.argv[1])):
    print(json.dumps({"id": str(i), "question": "A shop sells pens for two dollars each. " * 8, "answer": "18", "scorer": "number"}))
PY
}

asked() { # runs evalr with the given flags and prints time, CPU and memory
  rm -rf "$work/run"
  OPENAI_API_KEY=none python3 - "$work" "$@" <<'PY'
import json, os, subprocess, sys, time
work, flags = sys.argv[1], sys.argv[2:]
n = sum(1 for _ in open(work + "/problems.jsonl"))
start = time.perf_counter()
p = subprocess.Popen(["bin/evalr", "run", "-q", "--preset", "none", "--check", "never", "-m", "openai:fake@http://127.0.0.1:8096/v1", "-b", work + "/problems.jsonl",
                      "--max-tokens", "1024", "--out", work + "/run"] + flags, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
errors = p.stderr.read()
_, status, used = os.wait4(p.pid, 0)
wall, code = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
if code:
    sys.exit("evalr ended with exit code %d: %s" % (code, errors[-1000:]))
cpu = used.ru_utime + used.ru_stime
served = json.loads(subprocess.run(["bin/evalr", "serving", work + "/run", "--format", "json"], capture_output=True, text=True).stdout)
busy = served["rows"][0]["in_flight"]["busy_seconds"]
print("evalr:         %d requests, %.2f s of asking, %.0f requests/s; the whole process, start and board included: %.2f s, %.0f µs CPU a request, %d MiB" % (
    n, busy, n / busy, wall, cpu / n * 1e6, used.ru_maxrss // 1024))
PY
}

echo "answers of 8 pieces at once, 64 in flight; bare client and evalr in turn, three times"
serve -pieces 8
problems 20000
for _ in 1 2 3; do
  bin/load bare -base http://127.0.0.1:8096/v1 -n 20000 -at-once 64
  asked --concurrency 64
done

echo "1,000 streams at 50 tokens/s: 3,000 answers of 250 tokens"
serve -pieces 250 -every 20ms
problems 3000
asked --concurrency 1000
python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:8096/stats").read().decode())'
bin/evalr serving "$work/run" || true

echo "10,000 streams at 2 tokens/s: 10,000 answers of 60 tokens"
serve -pieces 60 -every 500ms
problems 10000
asked --concurrency 10000
python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:8096/stats").read().decode())'
