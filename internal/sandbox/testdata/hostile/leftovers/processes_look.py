# Runs after processes: does anyone live here that is neither this program nor above it?
import glob, os

for path in glob.glob("/proc/[0-9]*/comm"):
    try:
        if open(path).read().strip() == "left-over":
            print("ESCAPED: a process of another program")
    except OSError:
        pass
if os.path.exists("/tmp/left-over"):
    print("ESCAPED: a file of another program's process")
print("held")
