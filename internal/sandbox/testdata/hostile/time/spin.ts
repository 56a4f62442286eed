// Computes for ever, a turn of the event loop each.
const again = (): void => { setImmediate(again); };
again();
