# Starts commands: with pipes, a shell, an error, a time limit.
import subprocess, sys

print(subprocess.run(["sort", "-n"], input="10\n9\n", text=True, capture_output=True).stdout.split())
print(subprocess.check_output("echo $((6*7)) | tr 4 5", shell=True))
print(subprocess.run([sys.executable, "-c", "import sys; print(sys.stdin.read().upper())"], input="x", text=True, capture_output=True).stdout)
print(subprocess.run(["false"]).returncode)
try:
    subprocess.run(["sleep", "5"], timeout=0.05)
except subprocess.TimeoutExpired:
    print("in time")
