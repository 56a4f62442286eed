# Exits with the code that it reads.
import os, sys

word = input()
print(word)
if word == "text":
    sys.exit("words")
if word == "none":
    sys.exit(None)
if word == "interrupt":
    raise KeyboardInterrupt
if word == "now":
    os._exit(9)
sys.exit(int(word))
