# Has a helper beside it and arguments on its line.
import helper, sys

print(helper.twice(21), sys.argv[1:], open("/program/data.txt").read())
