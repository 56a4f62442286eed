package main

const execLong = `Run untrusted programs in the sandbox and print what their parent saw, as one JSON
object a program. Compilers run in the sandbox too; what they make is kept.

One program: its input is standard input.
  {"status": "ok", "exit_code": 0, "signal": "", "stdout": "…", "stderr": "…",
   "wall_ms": …, "cpu_ms": …, "peak_memory_bytes": …, "isolation": "native"}

Many inputs for one program: --tests FILE, JSONL of
  {"input": "7\n", "output": "49\n"?, "id": …?}
The program is compiled once. The results come in the order of the tests, each
with its "id" (else its line number) and, where an output is given, "passed":
status ok and the same words between white space; --tolerance lets numbers differ.

Many programs: --batch, JSONL of
  {"lang": "python", "program": "…", "id": …?, "stdin": "…"?, "files": {NAME: TEXT}?,
   "args": […]?, "time": "2s"?, "memory": "128MiB"?, "output_limit": …?, "processes": …?}
from standard input or a file; the flags say what a line does not. The results come
in order, as they are ready, in bounded memory. A bad line gives
{"line": N, "error": "…"}; the rest goes on, and the exit code is 2.

Status:
  ok              it ended with exit code 0
  runtime_error   another exit code, or a signal
  time_limit      out of processor time (--time) or of the wall clock
  memory_limit    out of memory (--memory)
  output_limit    it printed more than --output-limit; stdout holds that much of it
  compile_error   it did not compile; stderr has the compiler's words
  denied          a forbidden operation ended it; message says which
  internal_error  the sandbox failed, not the program; message says how
"again" tells of a program that ran out of time beside others and was run once
more alone: the processor time it then took, in parts of the first.

Exit code: 0 whenever the programs were run or did not compile, whatever became of
them; 2 wrong usage or bad lines; 3 no isolation to be had; 130 interrupted.`

var execExamples = examples(
	"echo 7 | evalr exec square.py", "run a program with input; the name tells the language",
	"evalr exec --lang cpp --time 2s --memory 256MiB main.txt < in.txt", "with limits of one's own",
	"evalr exec --tests tests.jsonl --fail-fast square.c", "many inputs; a summary stands on standard error",
	"evalr exec --tests tests.jsonl --tolerance 1e-6 roots.py | jq -c 'select(.passed == false) | .id'", "which tests fail",
	`echo '{"id":1,"lang":"bash","program":"echo hello"}' | evalr exec --batch`, "many programs, one JSON object a line",
	"evalr exec --batch jobs.jsonl --jobs 4 > results.jsonl", "from a file",
	"evalr exec --tier bubblewrap square.py < /dev/null", "another kind of isolation (`evalr doctor` shows which are there)",
)
