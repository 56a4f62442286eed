package mathx

import (
	"math/big"
	"math/bits"
)

// Two primes below 2^61. An identity of rational functions is checked modulo
// both, at values of the variables that are fixed: a false identity passes with
// a chance of about degree/2^122 (Schwartz 1980, Zippel 1979).
var fieldPrimes = [2]uint64{1<<61 - 1, 1<<61 - 31}

// modular evaluates modulo p. Variables are given integers, so that they may
// stand in exponents too; π and e are taken as variables. ok is false where the
// expression is no rational function or a divisor vanishes.
func modular(n *node, p uint64, work *int) (uint64, bool) {
	if *work -= 3; *work < 0 {
		return 0, false
	}
	v, ok := modularNode(n, p, work)
	return v, ok && *work >= 0 // whoever is above pays no more
}

func modularNode(n *node, p uint64, work *int) (uint64, bool) {
	switch n.k {
	case kNum:
		return residue(n.val, p)
	case kSym:
		return symbolValue(n.name) % p, true
	case kPi:
		return symbolValue("π") % p, true
	case kE:
		return symbolValue("Euler") % p, true
	case kQuantity:
		return modular(n.args[0], p, work)
	case kNeg, kAdd, kMul:
		return ring(n, p, func(x *node) (uint64, bool) { return modular(x, p, work) })
	case kDiv:
		a, ok := modular(n.args[0], p, work)
		if !ok {
			return 0, false
		}
		b, ok := modular(n.args[1], p, work)
		if !ok || b == 0 {
			return 0, false
		}
		*work -= 60
		return mulMod(a, powMod(b, p-2, p), p), true
	case kPow:
		if n.args[0].k == kE {
			return 0, false // e^x is no rational function: e^{iπ} and e^{ln 2} are numbers
		}
		b, ok := modular(n.args[0], p, work)
		if !ok {
			return 0, false
		}
		e, ok := modularExponent(n.args[1], p-1, work)
		if !ok || b == 0 {
			return 0, false
		}
		*work -= 60
		return powMod(b, e, p), true
	case kFunc:
		switch n.name {
		case "percent":
			v, ok := modular(n.args[0], p, work)
			return mulMod(v, powMod(100, p-2, p), p), ok
		}
		if v, ok := exact(n, nil, work); ok {
			return residue(v, p)
		}
	}
	return 0, false
}

// ring evaluates a sum, a product or a negation modulo m by the values of its
// arguments.
func ring(n *node, m uint64, of func(*node) (uint64, bool)) (uint64, bool) {
	out, ok := of(n.args[0])
	if n.k == kNeg {
		return (m - out) % m, ok
	}
	for _, x := range n.args[1:] {
		if !ok {
			return 0, false
		}
		var v uint64
		if v, ok = of(x); n.k == kAdd {
			out = (out + v) % m
		} else {
			out = mulMod(out, v, m)
		}
	}
	return out, ok
}

// modularExponent evaluates an integer expression modulo m, which is no prime:
// there is no division but of constants.
func modularExponent(n *node, m uint64, work *int) (uint64, bool) {
	if *work -= 3; *work < 0 {
		return 0, false
	}
	v, ok := exponentNode(n, m, work)
	return v, ok && *work >= 0
}

func exponentNode(n *node, m uint64, work *int) (uint64, bool) {
	if v, ok := exact(n, nil, work); ok {
		if !v.isInt() {
			return 0, false
		}
		return residueInt(v.num(), m), true
	}
	switch n.k {
	case kSym:
		return symbolValue(n.name) % m, true
	case kNeg, kAdd, kMul:
		return ring(n, m, func(x *node) (uint64, bool) { return modularExponent(x, m, work) })
	case kPow:
		b, ok := modularExponent(n.args[0], m, work)
		if !ok {
			return 0, false
		}
		e, ok := exact(n.args[1], nil, work)
		if !ok || !e.isInt() || e.sign() < 0 {
			return 0, false
		}
		*work -= 100 + e.bits()
		r := new(big.Int).Exp(new(big.Int).SetUint64(b), e.num(), new(big.Int).SetUint64(m))
		return r.Uint64(), true
	}
	return 0, false
}

func mulMod(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, m)
}

func powMod(b, e, m uint64) uint64 {
	out := uint64(1)
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			out = mulMod(out, b, m)
		}
		b = mulMod(b, b, m)
	}
	return out
}

func residueInt(n *big.Int, m uint64) uint64 {
	if n.IsInt64() {
		v := n.Int64()
		if v >= 0 {
			return uint64(v) % m
		}
		return (m - uint64(-v)%m) % m
	}
	return new(big.Int).Mod(n, new(big.Int).SetUint64(m)).Uint64()
}

func residue(v rat, p uint64) (uint64, bool) {
	if v.big == nil && v.d == 1 {
		if v.n >= 0 {
			return uint64(v.n) % p, true
		}
		return (p - uint64(-v.n)%p) % p, true
	}
	d := residueInt(v.den(), p)
	if d == 0 {
		return 0, false
	}
	return mulMod(residueInt(v.num(), p), powMod(d, p-2, p), p), true
}

// symbolValue gives a variable its fixed integer, below 2^60: the FNV-1a hash
// of its name, stirred.
func symbolValue(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 32
	return h >> 4
}
