#!/usr/bin/env bash
# Whole-process figures: start-up, and a replay of 10,000 attempts of the size of
# GSM8K. Prints seconds and peak memory; docs/benchmarks.md keeps them.
set -euo pipefail

evalr=$PWD/bin/evalr
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

timed() { # runs a command and prints its wall seconds and peak memory
  python3 - "$@" <<'PY'
import os, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
wall = time.perf_counter() - start
print("  %.3f s, %d MiB, exit %d" % (wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, code))
PY
}

echo "evalr --help, five times:"
for _ in 1 2 3 4 5; do timed "$evalr" --help; done

python3 - <<'PY'
import json
with open("p.jsonl", "w") as p, open("r.jsonl", "w") as r:
    for i in range(10000):
        question = "A shop sells %d pens for 2 dollars each and gives every tenth away. How much does it take in a day of %d hours? " % (i, i % 24) * 2
        thought = "".join("Step %d: %d + %d = <<%d+%d=%d>>%d dollars are taken so far.\n" % (k, i, k, i, k, i + k, i + k) for k in range(6))
        p.write(json.dumps({"id": str(i), "question": question, "answer": str(i), "scorer": "number"}) + "\n")
        r.write(json.dumps({"problem": str(i), "response": thought + "#### %d" % (i if i % 3 else i + 1)}) + "\n")
PY
echo "replay of 10,000 attempts (judged, recorded, board printed), three times:"
for i in 1 2 3; do timed "$evalr" run -q -m replay:r.jsonl -b p.jsonl --out "run$i"; done
echo "leaderboard of that run:"
timed "$evalr" leaderboard run1

echo "board of 1,000,000 attempts (20 models at 10 benchmarks, generated), three times:"
(cd "$OLDPWD" && go run ./eval/evaltest/bigboard -out "$work/big" >/dev/null)
for _ in 1 2 3; do timed "$evalr" leaderboard "$work"/big/*; done
echo "compare of 100,000 attempts (2 models, 5,000 problems, 10 trials), three times:"
(cd "$OLDPWD" && go run ./eval/evaltest/bigboard -out "$work/two" -models 2 -benchmarks 1 -problems 5000 -trials 10 >/dev/null)
for _ in 1 2 3; do timed "$evalr" compare "$work"/two/*; done
