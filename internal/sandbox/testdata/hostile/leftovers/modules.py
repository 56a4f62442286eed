# Looks for modules and functions that are neither the library's nor this program's.
import gc, sys, sysconfig, types

home = tuple({sysconfig.get_path(n) for n in ("stdlib", "platstdlib", "purelib", "platlib")} | {sys.prefix + "/", sys.base_prefix + "/", "/usr/lib/python3"})
for name, module in list(sys.modules.items()):
    file = getattr(module, "__file__", None)
    if file and not file.startswith(home) and name != "__main__":
        print("ESCAPED: module", name)
    if "evalr" in name or "zygote" in name or "sandbox" in name:
        print("ESCAPED: module", name)
for f in gc.get_objects():
    if isinstance(f, types.FunctionType) and f.__globals__ is not globals():
        g = f.__globals__
        file = g.get("__file__") or ""
        if "__file__" in g and file and not file.startswith(home):
            print("ESCAPED: a function of", file)
        elif g.get("__name__") == "__main__":
            print("ESCAPED: a function", f.__name__)
print("held")
