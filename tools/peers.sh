#!/usr/bin/env bash
# Measures evalr beside its peers, on the same work in one run: asking 1,000
# questions beside lm-evaluation-harness and Inspect AI, and the judge of mathematics
# beside Math-Verify, one core each. Says so where a peer cannot be installed. The
# peers stay in bin/peers.
set -euo pipefail

cases=${CASES:-scoring/testdata/equal.jsonl}
gsm8k=${GSM8K:-${EVALR_SHARED:-../shared}/data/gsm8k/test.jsonl}
venv=bin/peers
if ! [ -x "$venv/bin/python" ]; then
  python3 -m venv "$venv" || { echo "bench-peers: SKIPPED: no python3 with venv (apt-get install python3-venv)"; exit 0; }
fi

if { [ -x "$venv/bin/lm_eval" ] && [ -x "$venv/bin/inspect" ]; } ||
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'lm_eval[api]' inspect-ai openai; then
  "$venv/bin/pip" list --disable-pip-version-check 2>/dev/null | grep -iE '^(lm_eval|inspect-ai|inspect_ai) ' | sed 's/^/  /'
  go build -o bin/load ./eval/evaltest/load
  [ -e "$gsm8k" ] || gsm8k=
  python3 tools/peers_asking.py --python "$venv/bin/python" --server bin/load --data "$gsm8k"
else
  echo "bench-peers: SKIPPED: lm_eval and inspect-ai cannot be installed here"
fi

"$venv/bin/python" -c 'import math_verify' 2>/dev/null ||
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'math-verify[antlr4-13-2]' ||
  { echo "bench-peers: SKIPPED: the Python package math-verify cannot be installed here"; exit 0; }

echo "cases: $cases; pairs that differ as texts"
"$venv/bin/pip" list --disable-pip-version-check 2>/dev/null | grep -iE '^(math-verify|latex2sympy2_extended|sympy|antlr4)' | sed 's/^/  /'
echo "Math-Verify: parse and verify of each pair, its own 5 s limits"
theirs=$("$venv/bin/python" tools/peers.py "$cases")
echo "  $theirs"

echo "evalr: mathx.Equal of each pair (go test -bench), and grade --answer-only --jobs 1 as a whole process with its JSON"
go test ./scoring/mathx -run '^$' -bench 'Equal/own' -benchmem -cpu 1 | grep '^Benchmark' | sed 's/^/  /' | tee bin/peers.txt
"$venv/bin/python" - "$cases" "$theirs" <<'PY'
import json, subprocess, sys, time

theirs = json.loads(sys.argv[2])
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
rows = [r for r in rows if r["gold"] != r["response"]]
times = 20
lines = "".join(json.dumps({"id": r["id"], "gold": r["gold"], "response": r["response"]}) + "\n" for r in rows) * times
start = time.perf_counter()
out = subprocess.run(["bin/evalr", "grade", "--as", "math", "--answer-only", "--jobs", "1"], input=lines, capture_output=True, text=True).stdout
wall = time.perf_counter() - start
verdicts = [json.loads(line)["outcome"] == "correct" for line in out.splitlines()][: len(rows)]
want = [r["want"] == "correct" for r in rows]
print("  grade: %d pairs in %.2f s, %.0f pairs/s; agree %.4f, %d false accepts, %d false rejects" % (
    len(rows) * times, wall, len(rows) * times / wall, sum(a == b for a, b in zip(verdicts, want)) / len(rows),
    sum(a and not b for a, b in zip(verdicts, want)), sum(b and not a for a, b in zip(verdicts, want))))
bench = [line.split() for line in open("bin/peers.txt")][0]
figures = {unit: float(value) for value, unit in zip(bench[2::2], bench[3::2])}
print("ratio, evalr to Math-Verify: %.0f times the pairs/s, %.0f times without its time-outs, %.0f times at the median" % (
    figures["pairs/s"] / theirs["pairs_per_s"], figures["pairs/s"] / theirs["pairs_per_s_without_timeouts"], theirs["p50_ms"] * 1e6 / figures["p50-ns"]))
PY
