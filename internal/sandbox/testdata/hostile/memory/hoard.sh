# Doubles a string until it is refused.
x=xxxxxxxxxxxxxxxx
for i in {1..26}; do x=$x$x; done
echo "ESCAPED: ${#x} bytes"
