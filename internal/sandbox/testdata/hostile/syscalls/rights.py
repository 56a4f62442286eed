# Changes ids and looks for rights in a warm interpreter.
import os

status = dict(line.split(":\t", 1) for line in open("/proc/self/status") if ":\t" in line)
for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
    if int(status[name], 16):
        print("ESCAPED: has", name)
if status["NoNewPrivs"].strip() != "1":
    print("ESCAPED: new rights are to be had")
if os.getuid() == 65534 and set(status["Groups"].split()) - {"65534"}:
    print("ESCAPED: has groups", status["Groups"])
for change in (lambda: os.setuid(1), lambda: os.setgid(1), lambda: os.setgroups([0]), lambda: os.initgroups("root", 0), lambda: os.setresuid(1, 1, 1)):
    try:
        change()
        print("ESCAPED: changed ids")
    except OSError:
        pass
print("held")
