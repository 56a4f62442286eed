# Leaves a tree so deep, locked and oddly named that whoever tidies up may stumble.
import os

os.mkdir("/tmp/locked")
open("/tmp/locked/file", "w").close()
os.chmod("/tmp/locked", 0)
open("/tmp/a\nb\t\x01\x7f -rf *", "w").close()
os.makedirs(b"/tmp/\xff\xfe")
for _ in range(800):
    os.mkdir("x" * 200)
    os.chdir("x" * 200)
print("held")
