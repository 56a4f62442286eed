# Pipes, a here document, process substitution, an array, a background job, arithmetic, an exit code.
set -o pipefail
read -r n
seq "$n" | sort -rn | head -3 | paste -sd,
cat <<X
$((n * n)) ${#n}
X
diff <(echo a) <(echo a) && echo same
sleep 0.05 & wait $!
list=(x y z)
echo "${list[-1]} $(mktemp -u | wc -c)" >&2
awk 'BEGIN { print 2 ^ 10 }'
exit 200
