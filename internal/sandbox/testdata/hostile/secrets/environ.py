# Looks for a word of the harness in its own environment, in every form of it.
import os, sys

word = sys.stdin.read().strip()[::-1]
places = {"environ": repr(dict(os.environ))}
for name in ("environ", "cmdline", "stat", "status", "auxv", "maps", "mountinfo", "mounts", "cgroup", "limits", "comm"):
    try:
        places[name] = open("/proc/self/" + name, "rb").read().decode("latin-1")
    except OSError:
        pass
for name, text in places.items():
    if word in text:
        print("ESCAPED: a secret in", name)
print("held")
