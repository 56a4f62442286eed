# Raises every limit past its hard value, and then lives on past its time.
import resource

for name in dir(resource):
    if not name.startswith("RLIMIT_"):
        continue
    what = getattr(resource, name)
    soft, hard = resource.getrlimit(what)
    if hard == resource.RLIM_INFINITY:
        continue
    for more in (hard + 1, hard * 2, resource.RLIM_INFINITY):
        try:
            resource.setrlimit(what, (more, more))
            print("ESCAPED: raised", name)
        except (OSError, ValueError):
            pass
while True:
    pass
