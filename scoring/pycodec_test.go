package scoring

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

func TestValuesAreReadAsPythonWritesThem(t *testing.T) {
	for text, want := range map[string]string{
		"N": "None", "T": "True", "F": "False", "i-ff;": "-255", "i123456789abcdef0123;": "5373003642731685151011", "f0.1;": "0.1", "fnan;": "nan", "f-inf;": "-inf",
		"c1.0;-0.5;": "complex(1.0, -0.5)", "s3:a\"b": `"a\"b"`, "s3:\xed\xa0\x80": `"\ud800"`, "b2:\xff\x00": `bytes.fromhex("ff00")`, "l2:i1;l0:": "[1, []]", "t1:T": "(True,)",
		"S1:i1;": "set([1])", "E0:": "frozenset([])", "d1:s1:ai1;": `{"a": 1}`,
	} {
		v, err := pythonValue([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, v.source(), text)
	}
	for _, bad := range []string{
		"", "X", "i", "i;", "izz;", "f;", "fx;", "s5:abc", "s-1:", "l1:", "l99999999:N", "d1:N", "NN", "s:", strings.Repeat("l1:", 5000) + "N",
		"i" + strings.Repeat("f", 2<<20) + ";", "t2:N",
	} {
		_, err := pythonValue([]byte(bad))
		assert.Error(t, err, "%.40s", bad)
	}
}

func FuzzWhatAProgramReturns(f *testing.F) {
	f.Add([]byte("d1:s1:al2:i1;f0.5;"))
	f.Add(recorded([]returned{{kind: "v", value: []byte("i3;"), spent: 0.5}, {kind: "end"}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := pythonValue(b); err == nil {
			_ = v.hash()
			if !v.other() && !strings.Contains(v.source(), "nan") {
				assert.True(t, pyEqual(v, v))
			}
		}
		values := records(b)
		again := records(recorded(values))
		assert.Len(t, again, len(values))
	})
}

func FuzzOutputsCompare(f *testing.F) {
	f.Add("1.0 2e3", "1.00001 2000", 1e-3)
	f.Add("nan inf 0x1p3 1_0 1e99999 --1 ١", "nan", 1.0)
	f.Fuzz(func(t *testing.T, want, got string, tolerance float64) {
		if strings.Contains(strings.ToLower(want), "nan") {
			tolerance = 0 // with one, NaN equals nothing
		}
		assert.True(t, SameOutput(want, want, tolerance))
		if SameOutput(want, got, 0) {
			assert.True(t, SameOutput(want, got, tolerance))
		}
	})
}

func TestNumbersInOutputsMayDifferWhereTheDatasetSaysSo(t *testing.T) {
	for _, c := range []struct {
		want, got string
		tolerance float64
		same      bool
	}{
		{"1 2\n3", "1  2 3\n", 0, true}, {"1.0", "1", 0, false}, {"1.0", "1", 1e-9, true}, {"1.0", "1.001", 1e-2, true}, {"1.0", "1.1", 1e-2, false},
		{"1000000", "1000001", 1e-5, true}, {"0", "0.000001", 1e-5, true}, {"abc", "abd", 1, false}, {"nan", "nan", 1, false}, {"nan", "nan", 0, true}, {"1 -NaN", "1 -NaN", 1, false}, {"nan", "NaN", 1, false}, {"1", "nan", 1e9, false},
		{"1", "inf", 1e9, false}, {"inf", "1e999", 1, false}, {"16", "0x10", 1, false}, {"10", "1_0", 1, false}, {"10", "1e1", 1e-6, true}, {"10", "1E+01", 1e-6, true}, {"1", "1e99999999", 1, false},
		{"1", "+1", 1e-6, true}, {"1", "+-1", 1e-6, false}, {"0.5", ".5", 1e-6, true}, {"1", "1.", 1e-6, true}, {"1", ".", 1e6, false}, {"1", "١", 1e6, false}, {"1 2", "1", 1, false}, {"1", "1 2", 1, false},
		{"1", strings.Repeat("0", 1000) + "1", 1, false}, {"", " \n", 0, true},
	} {
		assert.Equal(t, c.same, SameOutput(c.want, c.got, c.tolerance), "%.20q %.20q %g", c.want, c.got, c.tolerance)
	}
}

// TestTheCodecWithstandsAnyBytes gives the codec of the drivers random bytes and
// encoded values that were damaged: it gives a plain value or one of four errors.
func TestTheCodecWithstandsAnyBytes(t *testing.T) {
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Skipf("this machine cannot isolate: %v", err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	seeds := []string{"d1:s1:al2:i1;f0.5;", "t3:c1.0;2.0;b2:abE1:S0:", "S2:i1;s2:ab", "l3:NTFo3:abca1:x", "i-ffffffffffffffffff;", "s3:\xed\xa0\x80"}
	var stdin bytes.Buffer
	for range 20000 {
		b := []byte(seeds[random.IntN(len(seeds))])
		for range random.IntN(4) {
			switch i := random.IntN(len(b)); random.IntN(4) {
			case 0:
				b[i] = byte(random.IntN(256))
			case 1:
				b = append(b[:i:i], b[i+random.IntN(len(b)-i):]...)
			case 2:
				b = append(b[:i:i], append([]byte(seeds[random.IntN(len(seeds))]), b[i:]...)...)
			default:
				b = append(b[:i:i], append([]byte("NTifcsbaltSEdo0129:;"[random.IntN(20):][:1]), b[i:]...)...)
			}
			if len(b) == 0 {
				b = []byte("N")
			}
		}
		stdin.WriteString(hex.EncodeToString(b) + "\n")
	}
	program := codec + `
PLAIN_TYPES = {type(None), bool, int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict}
def check(v):
    assert type(v) in PLAIN_TYPES, type(v)
    if type(v) in (list, tuple, set, frozenset): [check(x) for x in v]
    if type(v) is dict: [check(x) for pair in v.items() for x in pair]
read_ok = bad = 0
for line in sys.stdin:
    data = bytes.fromhex(line)
    try: v = decode(data, lambda name: "an object")
    except (ValueError, IndexError, TypeError, OverflowError): bad += 1; continue
    check(v)
    read_ok += 1
    again = encode(v, None)
    assert repr(decode(again, plain)) == repr(v), data
print("both" if read_ok > 100 and bad > 100 else (read_ok, bad))
`
	r, err := box.Run(t.Context(), sandbox.Program{Language: "python", Source: program, Stdin: stdin.Bytes()}, sandbox.Limits{})
	require.NoError(t, err)
	assert.Equal(t, "both\n", string(r.Stdout), "%s", r.Stderr)
}
