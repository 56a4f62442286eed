# Kills its whole process group; the harness must not be in it.
import os, signal

os.killpg(0, signal.SIGKILL)
