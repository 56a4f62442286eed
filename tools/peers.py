"""Times Math-Verify on a file of cases and prints one JSON object.

Calling convention: gold and answer are each put between dollar signs unless they
hold an unescaped one, parsed with the LaTeX and the plain configuration, boxed
first, and verified gold first; 5 s for each parse and each comparison, which are
the library's own limits. Only pairs that differ as texts are counted.
"""

import json
import logging
import re
import sys
import time

from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify

logging.disable(logging.CRITICAL)
CONFIG = (LatexExtractionConfig(boxed_match_priority=0), ExprExtractionConfig())


def wrapped(text):
    return text if re.search(r"(?<!\\)\$", text) else "$" + text + "$"


def equal(gold, answer):
    try:
        return bool(verify(parse(wrapped(gold), extraction_config=CONFIG), parse(wrapped(answer), extraction_config=CONFIG)))
    except Exception:  # an error of the library is a verdict of "not equal"
        return False


def main(path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    rows = [r for r in rows if r["gold"] != r["response"]]
    equal("1", "2")  # what is loaded once is not counted
    times, right, accepts, rejects = [], 0, 0, 0
    for row in rows:
        start = time.perf_counter()
        got = equal(row["gold"], row["response"])
        times.append(time.perf_counter() - start)
        want = row["want"] == "correct"
        right += got == want
        accepts += got and not want
        rejects += want and not got
    times.sort()
    quick = [t for t in times if t < 4.9]
    print(json.dumps({
        "pairs": len(times), "agree": right / len(times), "false_accepts": accepts, "false_rejects": rejects,
        "pairs_per_s": len(times) / sum(times), "pairs_per_s_without_timeouts": len(quick) / sum(quick), "timeouts": len(times) - len(quick),
        "p50_ms": 1e3 * times[len(times) // 2], "p99_ms": 1e3 * times[len(times) * 99 // 100],
    }))


main(sys.argv[1])
