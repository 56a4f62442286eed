# An error that nobody catches.
def f(n):
    return f(n - 1) if n else [][1]


print("before")
f(3)
