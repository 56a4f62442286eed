"""Sends the same requests through lm-evaluation-harness, Inspect AI and evalr, against the same
server, and prints time, processor time and memory side by side. Run by tools/peers.sh."""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time


def measured(name, command, env, cwd, logs):
    """Runs a command; gives seconds, CPU seconds and peak MiB of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    log = open(os.path.join(logs, re.sub(r"\W+", "-", name) + ".log"), "w+")
    process = subprocess.Popen(command, env=env, cwd=cwd, stdout=log, stderr=subprocess.STDOUT)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    if code != 0:
        log.seek(0)
        print("  %s ended with exit code %d:\n%s" % (name, code, log.read()[-1500:]))
        return None
    return wall, cpu, used.ru_maxrss / 1024


LM_EVAL_TASK = """
task: asked
dataset_path: json
dataset_kwargs: {{data_files: {{test: {file}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{gold}}}}"
generation_kwargs: {{until: [], max_gen_toks: 1024}}
metric_list: [{{metric: exact_match, aggregation: mean, higher_is_better: true}}]
filter_list:
  - {{name: last, filter: [{{function: regex, regex_pattern: "#### (-?[0-9.,]+)"}}, {{function: take_first}}]}}
"""

INSPECT_TASK = """
from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset, FieldSpec
from inspect_ai.scorer import match
from inspect_ai.solver import generate


@task
def asked():
    return Task(dataset=json_dataset({file!r}, FieldSpec(input="question", target="gold", id="id")),
                solver=[generate()], scorer=match(numeric=True))
"""


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--python", required=True, help="python of the environment that holds the peers")
    a.add_argument("--server", required=True, help="the fake server's program")
    a.add_argument("--data", default="", help="GSM8K's test.jsonl; without it the problems are made up")
    a.add_argument("--requests", type=int, default=1000)
    a.add_argument("--at-once", type=int, default=64)
    o = a.parse_args()

    work = tempfile.mkdtemp(prefix="evalr-peers-")
    problems = []
    if o.data and os.path.exists(o.data):
        for line in list(open(o.data, encoding="utf-8"))[: o.requests]:
            row = json.loads(line)
            problems.append((row["question"], row["answer"].split("####")[1].strip()))
    else:
        problems = [("A shop sells pens for two dollars each. " * 8 + "What does it take for %d?" % i, "18") for i in range(o.requests)]
    file = os.path.join(work, "problems.jsonl")
    with open(file, "w") as f:
        for i, (question, gold) in enumerate(problems):
            f.write(json.dumps({"id": str(i), "question": question, "gold": gold, "answer": gold, "scorer": "number"}) + "\n")
    os.mkdir(os.path.join(work, "tasks"))
    open(os.path.join(work, "tasks", "asked.yaml"), "w").write(LM_EVAL_TASK.format(file=file))
    open(os.path.join(work, "asked.py"), "w").write(INSPECT_TASK.format(file=file))

    address = "127.0.0.1:8097"
    server = subprocess.Popen([o.server, "serve", "-addr", address, "-pieces", "40", "-every", "5ms"], stdout=subprocess.PIPE)
    server.stdout.readline()
    base = "http://" + address + "/v1"
    env = dict(os.environ, OPENAI_API_KEY="none", OPENAI_BASE_URL=base, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1",
               HF_HOME=os.path.join(work, "hf"), INSPECT_LOG_DIR=os.path.join(work, "logs"), NO_COLOR="1", TOKENIZERS_PARALLELISM="false")
    bin_ = os.path.dirname(os.path.abspath(o.python))
    runs = [
        ("evalr, %d at once" % o.at_once, ["bin/evalr", "run", "-q", "-m", "openai:fake@" + base, "-b", file, "--max-tokens", "1024",
                                           "--concurrency", str(o.at_once), "--out", os.path.join(work, "run1")], os.getcwd()),
        ("evalr, its default", ["bin/evalr", "run", "-q", "-m", "openai:fake@" + base, "-b", file, "--max-tokens", "1024",
                                "--out", os.path.join(work, "run2")], os.getcwd()),
        ("lm_eval, %d at once" % o.at_once, [os.path.join(bin_, "lm_eval"), "run", "--model", "local-chat-completions", "--model_args",
                                             "model=fake,base_url=%s/chat/completions,num_concurrent=%d,tokenizer_backend=None" % (base, o.at_once),
                                             "--tasks", "asked", "--include_path", os.path.join(work, "tasks"), "--apply_chat_template",
                                             "--log_samples", "--output_path", os.path.join(work, "lm")], work),
        ("Inspect AI, %d at once" % o.at_once, [os.path.join(bin_, "inspect"), "eval", "asked.py", "--model", "openai/fake", "--max-tokens", "1024",
                                                "--max-connections", str(o.at_once), "--max-samples", str(o.at_once), "--display", "none"], work),
        ("Inspect AI, its default", [os.path.join(bin_, "inspect"), "eval", "asked.py", "--model", "openai/fake", "--max-tokens", "1024", "--display", "none"], work),
    ]
    print("%d requests of %s, answers of 40 tokens in 200 ms; whole processes, start-up included" % (len(problems), "GSM8K" if o.data else "made-up problems"))
    print("  %-26s %9s %9s %12s %9s" % ("", "seconds", "CPU s", "CPU ms/req.", "peak MiB"))
    try:
        for name, command, cwd in runs:
            got = measured(name, command, env, cwd, work)
            if got:
                print("  %-26s %9.2f %9.2f %12.2f %9.0f" % (name, got[0], got[1], 1000 * got[1] / len(problems), got[2]), flush=True)
    finally:
        server.kill()
        server.wait()
    print("logs and results: " + work)


if __name__ == "__main__":
    sys.exit(main())
