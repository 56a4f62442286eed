# Two runs must not draw the same numbers, though both come from one warm interpreter.
import os, random, tempfile, uuid

print(random.random(), random.SystemRandom().random(), uuid.uuid4(), os.path.basename(tempfile.mktemp()))
