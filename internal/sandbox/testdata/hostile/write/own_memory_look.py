# Runs after own_memory: is the code whole?
import ctypes

print("ESCAPED: another program's code" if ctypes.CDLL(None).getppid() == 42 else "held")
