// Takes memory outside the heap that the engine is told to keep to.
const all = [];
for (let i = 0; i < 600; i++) all.push(Buffer.alloc(1 << 20, 1));
console.log("ESCAPED: 600 MiB", all.length);
