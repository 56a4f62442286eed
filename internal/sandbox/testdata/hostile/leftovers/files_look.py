# Runs after files: is anything there?
import os

for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run/lock", "/dev/mqueue", os.path.expanduser("~"), os.path.expanduser("~/.cache"), os.path.expanduser("~/.config")):
    if os.path.exists(folder + "/left-over") or folder in ("/tmp", "/dev/shm") and os.listdir(folder):
        print("ESCAPED: files in", folder)
print("held")
