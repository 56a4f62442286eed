// Fills the heap.
const all: string[][] = [];
for (;;) all.push(new Array<string>(10000).fill("x" + all.length));
