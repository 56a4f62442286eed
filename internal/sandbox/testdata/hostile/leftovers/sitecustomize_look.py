# Runs after sitecustomize, and starts an interpreter of its own, too.
import json, random, subprocess, sys

print(subprocess.run([sys.executable, "-c", "import json, random; print('held')"], capture_output=True, text=True).stdout, end="")
