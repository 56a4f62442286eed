// Reads files of the host by name, through other roots and by links.
const fs = require("fs");
for (const name of fs.readFileSync(0, "utf8").split("\n").filter(Boolean))
  for (const way of [name, "/proc/1/root" + name, `/proc/${process.ppid}/root` + name, "/tmp/../.." + name, "file:" + name])
    try { if (fs.readFileSync(way).length) console.log("ESCAPED: read a secret"); } catch { }
console.log("held");
