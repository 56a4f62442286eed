// Reads its input by name and by number of lines, starts a worker, waits for a promise.
const fs = require("fs"), { Worker } = require("worker_threads"), { execFileSync } = require("child_process");
const lines = fs.readFileSync("/dev/stdin", "utf8").trim().split("\n");
const worker = new Worker("require('worker_threads').parentPort.postMessage(6 * 7)", { eval: true });
worker.on("message", n => {
  fs.writeFileSync("/tmp/x", "y");
  console.log(lines.length, n, execFileSync("echo", ["child"]).toString().trim(), fs.readFileSync("/tmp/x", "utf8"), require("crypto").randomBytes(4).length);
});
