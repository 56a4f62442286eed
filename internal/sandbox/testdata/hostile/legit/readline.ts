// Reads its input line by line, with types.
import * as readline from "readline";

interface Pair { a: number; b: number }
const lines: string[] = [];
readline.createInterface({ input: process.stdin }).on("line", (l: string) => lines.push(l)).on("close", () => {
  const p: Pair = { a: Number(lines[0]), b: Number(lines[1]) };
  console.log(p.a + p.b);
  process.exitCode = 4;
});
