// Breaks off in the middle, with a file of the host in the words.
import secret from "{secretfile}";
const x = `${secret
