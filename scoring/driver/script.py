# Runs in the sandbox beside answer.py: runs assertions about the answer in the
# answer's own process, for tests that no channel can carry, and at their end
# writes a word that only the harness knows. The word and the tests are read
# after the answer was loaded, and what the answer changed of the interpreter is
# put back. They come over the channel where there is one, once the notary is
# told that the answer was loaded, else from standard input. That makes forging
# hard, not impossible; the verdict says so.
import _signal
import _thread
import builtins


def main():
    place = 100 + int.from_bytes(os.urandom(1), "big") % 100
    channel = len(sys.argv) > 1
    os.dup2(3 if channel else 0, place + 1, inheritable=False)
    os.dup2(3 if channel else 1, place, inheritable=False)
    if channel:
        os.write(3, b"h")
        os.close(3)
    silence()
    write, leave, get, run, parse = os.write, os._exit, os.read, exec, compile
    ask, to_channel = receive, send
    names, base, unpack, tell = vars(builtins), BaseException, decode, said
    kept = dict(names)

    def say(text):
        if channel:
            to_channel(place, text)
        else:
            write(place, text)
        leave(0)

    try:
        space = load()
    except base as e:
        say(("failed: " + tell(e)).encode("utf-8", "replace"))
    sys.settrace(None)
    sys.setprofile(None)
    _signal.setitimer(_signal.ITIMER_REAL, 0)
    names.clear()
    names.update(kept)
    if _thread._count():
        say(b"failed: it leaves threads running")
    if channel:
        write(place, b"r")
        text = ask(place + 1)
    else:
        text = b""
        while part := get(place + 1, 1 << 20):
            text += part
    job = unpack(text, plain)
    try:
        run(parse(job["script"], "tests.py", "exec"), space)
    except base as e:
        say(("failed: " + tell(e)).encode("utf-8", "replace"))
    say(job["word"].encode())


main()
