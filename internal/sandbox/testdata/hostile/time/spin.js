// Computes for ever, and answers no signal.
process.on("SIGTERM", () => {});
for (;;) ;
