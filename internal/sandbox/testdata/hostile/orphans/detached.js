// Starts a detached command with the output inherited, and exits.
const { spawn } = require("child_process");
spawn("/bin/sleep", ["60"], { stdio: ["ignore", "inherit", "inherit"], detached: true }).unref();
require("fs").writeSync(1, "done\n");
process.exit(0);
