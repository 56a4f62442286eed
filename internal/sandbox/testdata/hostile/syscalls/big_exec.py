# Starts commands with arguments and environments of many megabytes.
import os, subprocess

for argv, env in ((["/bin/true"] + ["x" * 100_000] * 90, {}), (["/bin/true"], {f"V{i}": "x" * 100_000 for i in range(90)}), (["/bin/true", "x" * (4 << 20)], {}), (["/bin/true"] + ["x"] * 200_000, {})):
    try:
        subprocess.run(argv, env=env)
    except (OSError, MemoryError):
        pass
print("held")
