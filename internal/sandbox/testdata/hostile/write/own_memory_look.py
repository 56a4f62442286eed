# Runs after own_memory: is the code whole?
import os

print("ESCAPED: another program's code" if os.getppid() == 42 else "held")
