# Leaves files wherever the next program may look.
import os

for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run/lock", "/dev/mqueue", os.path.expanduser("~"), os.path.expanduser("~/.cache"), os.path.expanduser("~/.config")):
    try:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "left-over"), "w") as f:
            f.write("left over")
    except OSError:
        pass
print("left")
