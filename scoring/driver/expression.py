# Runs in the sandbox: evaluates an expression of a model's and writes its value.


def nameless(x):
    return type(x).__name__[:100].encode("utf-8", "replace")


def main():
    job, out = task()
    try:
        value = encode(eval(job["expression"], {}), nameless)
    except BaseException as e:
        value = b"o" + b"%d:" % len(nameless(e)) + nameless(e)
    send(out, value)


main()
