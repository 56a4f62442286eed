// Says too much on both streams.
const fs = require("fs"), text = "x".repeat(4096);
for (;;) { fs.writeSync(1, text); fs.writeSync(2, text); }
