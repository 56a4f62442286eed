# Temporary files and folders, links, a map of a file, a pipe with a name, a lock.
import fcntl, mmap, os, tempfile

with tempfile.NamedTemporaryFile("w+") as f, tempfile.TemporaryDirectory() as d:
    f.write("abc" * 1000)
    f.flush()
    with mmap.mmap(f.fileno(), 0) as m:
        print(len(m), m[:3])
    fcntl.flock(f, fcntl.LOCK_EX)
    os.symlink(f.name, d + "/link")
    os.link(f.name, d + "/hard")
    os.mkfifo(d + "/fifo")
    os.rename(d + "/hard", d + "/moved")
    print(open(d + "/link").read(6), sorted(os.listdir(d)), os.stat(f.name).st_nlink)
open("answer.txt", "w").write("42")
print(open("/tmp/answer.txt").read(), os.path.expanduser("~"), tempfile.gettempdir(), open(os.devnull).read() == "", len(open("/dev/zero", "rb").read(7)), len(os.urandom(9)))
