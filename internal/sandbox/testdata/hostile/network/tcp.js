// Connects to the host's port.
const net = require("net");
const port = Number(require("fs").readFileSync(0, "utf8"));
let open = 2;
for (const host of ["127.0.0.1", "0.0.0.0"]) {
  const s = net.connect(port, host, () => { console.log("ESCAPED: connected"); s.destroy(); });
  s.on("error", () => {});
  s.on("close", () => { if (--open === 0) console.log("held"); });
}
