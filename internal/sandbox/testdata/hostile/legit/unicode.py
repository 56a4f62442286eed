# Says words of many scripts, and bytes that are none.
import sys

print("héllo", "мир", "世界", "🎉", input())
sys.stdout.flush()
sys.stdout.buffer.write(b"\xff\xfe\x00\n")
