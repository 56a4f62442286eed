# Becomes itself again and again: no single image lives long.
import os, sys

os.execv(sys.executable, [sys.executable, "-S", "/program/main.py"])
