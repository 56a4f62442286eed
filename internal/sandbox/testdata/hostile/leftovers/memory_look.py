# Runs after memory: are its lines in the memory that this program was forked with?
import ctypes, re

pattern, own = re.compile(b"KEPT-" + b"WORD-[0-9]+"), 0
for line in open("/proc/self/maps"):
    where, rights, *rest = line.split()
    if not rights.startswith("rw") or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
        continue
    start, end = (int(x, 16) for x in where.split("-"))
    own += len(set(pattern.findall(ctypes.string_at(start, end - start))))
print("ESCAPED: %d lines of another program" % own if own else "held")
