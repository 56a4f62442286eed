// Reads files of the host by name, and as modules.
import * as fs from "fs";
for (const name of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  try { if (fs.readFileSync(name).length) console.log("ESCAPED: read a secret"); } catch { }
  try { require(name); console.log("ESCAPED: ran a secret"); } catch (e) {
    if (!String(e).includes("Cannot find module")) console.log("ESCAPED: found a secret");
  }
}
console.log("held");
