package mathx

import (
	"math/big"
	"math/bits"
)

// An assignment gives the variables values: a point at which two expressions
// are compared. Of two bindings of a variable the first holds.
type assignment []binding

type binding struct {
	symbol string
	value  rat
}

func (at assignment) of(symbol string) (rat, bool) {
	for i := range at {
		if at[i].symbol == symbol {
			return at[i].value, true
		}
	}
	return rat{}, false
}

// exact evaluates an expression whose value is a rational number and not too
// large; at a point if one is given. Work is taken from the budget.
func exact(n *node, at assignment, work *int) (rat, bool) {
	if *work -= 3; *work < 0 {
		return rat{}, false
	}
	v, ok := exactNode(n, at, work)
	return v, ok && *work >= 0 // whoever is above pays no more
}

func exactNode(n *node, at assignment, work *int) (rat, bool) {
	switch n.k {
	case kNum:
		return n.val, true
	case kSym:
		return at.of(n.name)
	case kQuantity:
		return exact(n.args[0], at, work)
	case kNeg:
		v, ok := exact(n.args[0], at, work)
		if !ok {
			return rat{}, false
		}
		return v.neg(), true
	case kAdd, kMul:
		out, ok := exact(n.args[0], at, work)
		for _, x := range n.args[1:] {
			if !ok {
				return rat{}, false
			}
			var v rat
			if v, ok = exact(x, at, work); !ok {
				return rat{}, false
			}
			if tooLarge(out, v) {
				return rat{}, false
			}
			*work -= out.cost() + v.cost()
			if n.k == kAdd {
				out = out.add(v)
			} else {
				out = out.mul(v)
			}
		}
		return out, ok
	case kDiv:
		a, ok := exact(n.args[0], at, work)
		if !ok {
			return rat{}, false
		}
		b, ok := exact(n.args[1], at, work)
		if !ok || b.sign() == 0 || a.bits()+b.bits() > 2*maxBits {
			return rat{}, false
		}
		*work -= a.cost() + b.cost()
		return a.mul(b.inv()), true
	case kPow:
		e, ok := exact(n.args[1], at, work)
		if !ok {
			return rat{}, false
		}
		b, ok := exact(n.args[0], at, work)
		if !ok {
			return rat{}, false
		}
		if k, isInt := e.int64(); isInt {
			v, ok := b.pow(k)
			if ok {
				*work -= v.bits() >> 4
			}
			return v, ok
		}
		if e.big != nil || e.d != 2 || b.sign() < 0 {
			return rat{}, false
		}
		s, ok := ratSqrt(b)
		if !ok {
			return rat{}, false
		}
		return s.pow(e.n)
	case kFunc:
		if n.name == "sum" || n.name == "prod" {
			return exactSum(n, at, work)
		}
		return exactFunction(n, at, work)
	}
	return rat{}, false
}

// exactSum evaluates a sum or a product between whole numbers, of 64 terms at
// most.
func exactSum(n *node, at assignment, work *int) (rat, bool) {
	low := n.args[1]
	if low.k != kRel || low.name != "=" || low.args[0].k != kSym {
		return rat{}, false
	}
	from, ok := exact(low.args[1], at, work)
	to, okay := exact(n.args[2], at, work)
	a, isInt := from.int64()
	b, areInts := to.int64()
	if !ok || !okay || !isInt || !areInts || b-a >= 64 || b < a-1 {
		return rat{}, false
	}
	inner := append(assignment{{symbol: low.args[0].name}}, at...)
	out := ratInt(int64(boolInt(n.name == "prod")))
	for i := a; i <= b; i++ {
		inner[0].value = ratInt(i)
		v, ok := exact(n.args[0], inner, work)
		if !ok || tooLarge(out, v) {
			return rat{}, false
		}
		if n.name == "prod" {
			out = out.mul(v)
		} else {
			out = out.add(v)
		}
	}
	return out, true
}

func exactFunction(n *node, at assignment, work *int) (rat, bool) {
	var buf [4]rat
	args := buf[:0]
	for _, x := range n.args {
		v, ok := exact(x, at, work)
		if !ok {
			return rat{}, false
		}
		args = append(args, v)
	}
	x := args[0]
	if x.bits() > maxBits {
		return rat{}, false
	}
	*work -= x.bits() >> 6
	switch n.name {
	case "percent":
		return x.mul(ratOf(1, 100)), true
	case "deg":
		return rat{}, false
	case "root":
		k, isInt := args[1].int64()
		if !isInt || k < 2 || k > 64 || k%2 == 0 && x.sign() < 0 || x.bits() > 8192 {
			return rat{}, false
		}
		return exactRoot(x, k, work)
	case "abs":
		if x.sign() < 0 {
			return x.neg(), true
		}
		return x, true
	case "sgn":
		return ratInt(int64(x.sign())), true
	case "floor":
		return x.floor(), true
	case "ceil":
		return x.neg().floor().neg(), true
	case "re":
		return x, true
	case "im":
		return ratInt(0), true
	case "max", "min":
		for _, y := range args[1:] {
			if c := y.cmp(x); c > 0 && n.name == "max" || c < 0 && n.name == "min" {
				x = y
			}
		}
		return x, true
	case "gcd", "lcm":
		out := new(big.Int)
		for i, v := range args {
			if !v.isInt() || v.sign() == 0 && n.name == "lcm" || v.bits() > 4096 {
				return rat{}, false
			}
			a := new(big.Int).Abs(v.num())
			if i == 0 {
				out.Set(a)
				continue
			}
			g := new(big.Int).GCD(nil, nil, out, a)
			*work -= 20
			if n.name == "gcd" {
				out = g
			} else {
				out.Div(out.Mul(out, a), g)
			}
		}
		return ratBig(new(big.Rat).SetInt(out)), true
	case "factorial":
		k, isInt := x.int64()
		if !isInt || k < 0 || k > 5000 || *work < int(k)*14 {
			return rat{}, false
		}
		*work -= int(k) * 14
		return ratBig(new(big.Rat).SetInt(factorial(k))), true
	case "doublefact":
		k, isInt := x.int64()
		if !isInt || k < 0 || k > 2000 {
			return rat{}, false
		}
		out := big.NewInt(1)
		for ; k > 1; k -= 2 {
			out.Mul(out, big.NewInt(k))
		}
		*work -= 5000
		return ratBig(new(big.Rat).SetInt(out)), true
	case "binom":
		if len(args) != 2 {
			return rat{}, false
		}
		a, ok := x.int64()
		b, okay := args[1].int64()
		if !ok || !okay || a < 0 {
			return rat{}, false
		}
		if b < 0 || b > a {
			return ratInt(0), true
		}
		if min(b, a-b) > 3000 || min(b, a-b)*int64(bits.Len64(uint64(a))) > maxBits {
			return rat{}, false
		}
		*work -= int(min(b, a-b)) * 20
		return ratBig(new(big.Rat).SetInt(new(big.Int).Binomial(a, b))), true
	case "logb":
		return exactLog(x, args[1])
	case "mod":
		if args[1].sign() <= 0 {
			return rat{}, false
		}
		return x.sub(x.mul(args[1].inv()).floor().mul(args[1])), true
	}
	return rat{}, false
}

// exactRoot gives the k-th root where it is rational.
func exactRoot(x rat, k int64, work *int) (rat, bool) {
	negative := x.sign() < 0
	if negative {
		x = x.neg()
	}
	if k == 2 {
		return ratSqrt(x)
	}
	root := func(n *big.Int) (*big.Int, bool) { // by Newton's iteration from above
		if n.Sign() == 0 {
			return n, true
		}
		z := new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen())/uint(k)+1)
		kk, k1 := big.NewInt(k), big.NewInt(k-1)
		for range 200 {
			*work -= 20 + n.BitLen()/8
			y := new(big.Int).Exp(z, k1, nil)
			y.Div(n, y)
			y.Add(y, new(big.Int).Mul(k1, z))
			y.Div(y, kk)
			if y.Cmp(z) >= 0 {
				break
			}
			z = y
		}
		return z, new(big.Int).Exp(z, kk, nil).Cmp(n) == 0
	}
	n, ok := root(x.num())
	if !ok {
		return rat{}, false
	}
	d, ok := root(x.den())
	if !ok {
		return rat{}, false
	}
	r := ratBig(new(big.Rat).SetFrac(n, d))
	if negative {
		r = r.neg()
	}
	return r, true
}

// exactLog gives log_b x where it is an integer of at most 64.
func exactLog(x, b rat) (rat, bool) {
	if x.sign() <= 0 || b.sign() <= 0 || b.is(1) || x.bits() > 512 || b.bits() > 128 {
		return rat{}, false
	}
	p := ratInt(1)
	for k := int64(0); k <= 64 && p.bits() < 600; k++ {
		if p.equal(x) {
			return ratInt(k), true
		}
		if p.inv().equal(x) {
			return ratInt(-k), true
		}
		p = p.mul(b)
	}
	return rat{}, false
}

// factorial multiplies by as many factors at a time as a word holds.
func factorial(n int64) *big.Int {
	out, word, factors := big.NewInt(1), new(big.Int), int64(1)
	for k := int64(2); k <= n; k++ {
		next, ok := mul64(factors, k)
		if !ok {
			out.Mul(out, word.SetInt64(factors))
			next = k
		}
		factors = next
	}
	return out.Mul(out, word.SetInt64(factors))
}
