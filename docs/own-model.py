"""A model of your own for evalr: command:'python3 own-model.py --name echo'."""
import json
import sys

name = sys.argv[2] if sys.argv[1:2] == ["--name"] else "echo"
print("loading", name, file=sys.stderr)  # what is for people goes to standard error
for line in sys.stdin:  # one request a line
    request = json.loads(line)
    question = request["messages"][-1]["content"]
    answer = {"id": request["id"], "response": f"{name}: {question}", "stop": "stop"}  # ask your model here
    print(json.dumps(answer), flush=True)  # one answer a line, at once
