package mathx

import "strings"

// The dimensions of a unit: powers of the base units of the SI, of the radian,
// of a currency, and of the bit.
const (
	metre = iota
	kilogram
	second
	ampere
	kelvin
	mole
	candela
	radian
	bit
	dimensions
)

// dimensionNames are the base units, for writing.
var dimensionNames = [dimensions]string{"m", "kg", "s", "A", "K", "mol", "cd", "rad", "bit"}

// A unit is a factor on base units: value × scale × π^pi. Units that are no
// measure (apples, °C, dollars) are equal by name only.
type unit struct {
	name  string
	dim   [dimensions]int8
	scale rat
	pi    int8
	noun  string // a counted thing, a currency or a scale with an offset
	money bool
}

func (u *unit) equal(v *unit) bool {
	return u.dim == v.dim && u.noun == v.noun && u.pi == v.pi && u.scale.equal(v.scale)
}

// label is the unit as it was written, or what it is called.
func (u *unit) label() string {
	if u.name == "" {
		return u.noun
	}
	return u.name
}

// offset says whether a unit is a scale of temperature whose zero is not that of
// the kelvin.
func (u *unit) offset() bool { return u.noun == "°C" || u.noun == "°F" }

// convertible says whether values in u can be given in v.
func (u *unit) convertible(v *unit) bool { return u.dim == v.dim && u.noun == v.noun }

func measure(scale rat, powers ...int8) *unit {
	u := &unit{scale: scale}
	copy(u.dim[:], powers)
	return u
}

// The symbols that take prefixes, with their values in base units. Source of the
// definitions: the SI brochure, 9th edition (BIPM 2019); CODATA 2018 for the eV.
var prefixable = map[string]*unit{
	"m": measure(ratInt(1), 1), "g": measure(ratOf(1, 1000), 0, 1), "s": measure(ratInt(1), 0, 0, 1), "A": measure(ratInt(1), 0, 0, 0, 1), "K": measure(ratInt(1), 0, 0, 0, 0, 1),
	"mol": measure(ratInt(1), 0, 0, 0, 0, 0, 1), "cd": measure(ratInt(1), 0, 0, 0, 0, 0, 0, 1), "L": measure(ratOf(1, 1000), 3), "l": measure(ratOf(1, 1000), 3),
	"Hz": measure(ratInt(1), 0, 0, -1), "N": measure(ratInt(1), 1, 1, -2), "Pa": measure(ratInt(1), -1, 1, -2), "J": measure(ratInt(1), 2, 1, -2), "W": measure(ratInt(1), 2, 1, -3),
	"C": measure(ratInt(1), 0, 0, 1, 1), "V": measure(ratInt(1), 2, 1, -3, -1), "F": measure(ratInt(1), -2, -1, 4, 2), "Ω": measure(ratInt(1), 2, 1, -3, -2), "S": measure(ratInt(1), -2, -1, 3, 2),
	"Wb": measure(ratInt(1), 2, 1, -2, -1), "T": measure(ratInt(1), 0, 1, -2, -1), "H": measure(ratInt(1), 2, 1, -2, -2), "bar": measure(ratInt(100000), -1, 1, -2),
	"eV": measure(ratOf(1602176634, 1000000000).mul(tenTo(-19)), 2, 1, -2), "cal": measure(ratOf(4184, 1000), 2, 1, -2), "Wh": measure(ratInt(3600), 2, 1, -2), "b": measure(ratInt(1), 0, 0, 0, 0, 0, 0, 0, 0, 1), "B": measure(ratInt(8), 0, 0, 0, 0, 0, 0, 0, 0, 1),
	"rad": measure(ratInt(1), 0, 0, 0, 0, 0, 0, 0, 1), "Gs": measure(ratOf(1, 10000), 0, 1, -2, -1), "pc": measure(ratInt(30856775814913673), 1),
}

func tenTo(n int64) rat {
	r, _ := ratInt(10).pow(n)
	return r
}

var prefixes = map[string]rat{"k": ratInt(1000), "M": ratInt(1e6), "G": ratInt(1e9), "T": ratInt(1e12), "P": ratInt(1e15), "h": ratInt(100), "d": ratOf(1, 10), "c": ratOf(1, 100), "m": ratOf(1, 1000), "μ": ratOf(1, 1e6), "u": ratOf(1, 1e6), "n": ratOf(1, 1e9), "p": ratOf(1, 1e12), "f": ratOf(1, 1e15)}

var prefixNames = map[string]string{"kilo": "k", "mega": "M", "giga": "G", "tera": "T", "hecto": "h", "deci": "d", "centi": "c", "milli": "m", "micro": "μ", "nano": "n", "pico": "p", "femto": "f"}

var angleDegree = &unit{name: "degree", dim: prefixable["rad"].dim, scale: ratOf(1, 180), pi: 1}

// fixed are the units without prefixes, by symbol or name.
var fixed = func() map[string]*unit {
	foot, mile, pound := ratOf(3048, 10000), ratOf(1609344, 1000), ratOf(45359237, 100000000)
	hour := ratInt(3600)
	currency := func(name string, scale rat) *unit { return &unit{noun: name, scale: scale, money: true} }
	m := map[string]*unit{
		"min": measure(ratInt(60), 0, 0, 1), "minute": measure(ratInt(60), 0, 0, 1), "h": measure(hour, 0, 0, 1), "hr": measure(hour, 0, 0, 1), "hour": measure(hour, 0, 0, 1), "sec": measure(ratInt(1), 0, 0, 1),
		"day": measure(ratInt(86400), 0, 0, 1), "d": measure(ratInt(86400), 0, 0, 1), "week": measure(ratInt(604800), 0, 0, 1), "year": {noun: "year", scale: ratInt(12)}, "yr": {noun: "year", scale: ratInt(12)}, "month": {noun: "year", scale: ratInt(1)}, "decade": {noun: "year", scale: ratInt(120)}, "century": {noun: "year", scale: ratInt(1200)}, "centuries": {noun: "year", scale: ratInt(1200)},
		"ft": measure(foot, 1), "foot": measure(foot, 1), "feet": measure(foot, 1), "in": measure(foot.mul(ratOf(1, 12)), 1), "inch": measure(foot.mul(ratOf(1, 12)), 1), "inche": measure(foot.mul(ratOf(1, 12)), 1), "yd": measure(foot.mul(ratInt(3)), 1), "yard": measure(foot.mul(ratInt(3)), 1), "mi": measure(mile, 1), "mile": measure(mile, 1),
		"lb": measure(pound, 0, 1), "lbs": measure(pound, 0, 1), "pound": measure(pound, 0, 1), "oz": measure(pound.mul(ratOf(1, 16)), 0, 1), "ounce": measure(pound.mul(ratOf(1, 16)), 0, 1), "ton": measure(ratInt(1000), 0, 1), "tonne": measure(ratInt(1000), 0, 1), "t": measure(ratInt(1000), 0, 1),
		"mph": measure(mile.mul(hour.inv()), 1, 0, -1), "kph": measure(ratOf(1000, 3600), 1, 0, -1), "M": measure(ratInt(1000), -3, 0, 0, 0, 0, 1), "electron volt": prefixable["eV"], "light year": measure(ratInt(9460730472580800), 1), "nautical mile": measure(ratInt(1852), 1), "metric ton": measure(ratInt(1000), 0, 1), "knot": measure(ratOf(1852, 3600), 1, 0, -1),
		"atm": measure(ratInt(101325), -1, 1, -2), "torr": measure(ratOf(101325, 760), -1, 1, -2), "Torr": measure(ratOf(101325, 760), -1, 1, -2), "mmHg": measure(ratOf(101325, 760), -1, 1, -2), "psi": measure(ratOf(689475729, 100000), -1, 1, -2),
		"erg": measure(tenTo(-7), 2, 1, -2), "dyn": measure(tenTo(-5), 1, 1, -2), "dyne": measure(tenTo(-5), 1, 1, -2), "angstrom": measure(tenTo(-10), 1), "acre": measure(ratOf(40468564224, 10000000), 2), "hectare": measure(ratInt(10000), 2), "ha": measure(ratInt(10000), 2), "gallon": measure(ratOf(3785411784, 1000000000000), 3), "gal": measure(ratOf(3785411784, 1000000000000), 3), "quart": measure(ratOf(946352946, 1000000000000), 3), "pint": measure(ratOf(473176473, 1000000000000), 3), "cup": measure(ratOf(2365882365, 10000000000000), 3),
		"hp": measure(ratOf(7457, 10), 2, 1, -3), "AU": measure(ratInt(149597870700), 1), "ly": measure(ratInt(9460730472580800), 1), "cc": measure(tenTo(-6), 3), "rpm": {dim: [dimensions]int8{second: -1, radian: 1}, scale: ratOf(1, 30), pi: 1}, "rev": {dim: prefixable["rad"].dim, scale: ratInt(2), pi: 1}, "revolution": {dim: prefixable["rad"].dim, scale: ratInt(2), pi: 1},
		"°": angleDegree, "degree": angleDegree, "deg": angleDegree, "radian": prefixable["rad"], "byte": prefixable["B"], "bit": prefixable["b"], "dozen": {scale: ratInt(12)},
		"°c": {noun: "°C", scale: ratInt(1)}, "°C": {noun: "°C", scale: ratInt(1)}, "°F": {noun: "°F", scale: ratInt(1)}, "celsius": {noun: "°C", scale: ratInt(1)}, "fahrenheit": {noun: "°F", scale: ratInt(1)},
		"$": currency("$", ratInt(1)), "dollar": currency("$", ratInt(1)), "USD": currency("$", ratInt(1)), "usd": currency("$", ratInt(1)), "buck": currency("$", ratInt(1)), "cent": currency("$", ratOf(1, 100)), "¢": currency("$", ratOf(1, 100)), "penny": currency("$", ratOf(1, 100)), "pennie": currency("$", ratOf(1, 100)),
		"€": currency("€", ratInt(1)), "euro": currency("€", ratInt(1)), "EUR": currency("€", ratInt(1)), "£": currency("£", ratInt(1)), "GBP": currency("£", ratInt(1)), "¥": currency("¥", ratInt(1)), "yen": currency("yen", ratInt(1)), "JPY": currency("yen", ratInt(1)), "yuan": currency("yuan", ratInt(1)), "RMB": currency("yuan", ratInt(1)), "CNY": currency("yuan", ratInt(1)),
		"₹": currency("₹", ratInt(1)), "rupee": currency("₹", ratInt(1)), "Rs": currency("₹", ratInt(1)), "INR": currency("₹", ratInt(1)), "₽": currency("₽", ratInt(1)), "ruble": currency("₽", ratInt(1)), "rouble": currency("₽", ratInt(1)), "RUB": currency("₽", ratInt(1)),
		"₩": currency("₩", ratInt(1)), "won": currency("₩", ratInt(1)), "KRW": currency("₩", ratInt(1)), "₪": currency("₪", ratInt(1)), "shekel": currency("₪", ratInt(1)), "₫": currency("₫", ratInt(1)), "₺": currency("₺", ratInt(1)), "lira": currency("₺", ratInt(1)), "₴": currency("₴", ratInt(1)), "hryvnia": currency("₴", ratInt(1)), "฿": currency("฿", ratInt(1)), "baht": currency("฿", ratInt(1)),
		"CHF": currency("CHF", ratInt(1)), "franc": currency("CHF", ratInt(1)), "peso": currency("peso", ratInt(1)), "krona": currency("krona", ratInt(1)), "AUD": currency("AUD", ratInt(1)), "CAD": currency("CAD", ratInt(1)),
		"%": {noun: "%", scale: ratInt(1)}, "percent": {noun: "%", scale: ratInt(1)}, "pct": {noun: "%", scale: ratInt(1)},
	}
	for name, symbol := range map[string]string{"米": "m", "厘米": "cm", "毫米": "mm", "分米": "dm", "千米": "km", "公里": "km", "克": "g", "千克": "kg", "公斤": "kg", "吨": "t", "秒": "s", "分钟": "min", "分": "min", "时": "h", "小时": "h", "天": "day", "升": "L", "毫升": "mL", "度": "degree"} {
		u := m[symbol]
		if u == nil {
			u = prefixed(symbol)
		}
		m[name] = u
		if u.dim[metre] == 1 {
			square, cube := *u, *u
			square.dim[metre], square.scale = 2, u.scale.mul(u.scale)
			cube.dim[metre], cube.scale = 3, square.scale.mul(u.scale)
			m["平方"+name], m["立方"+name] = &square, &cube
		}
	}
	for name, symbol := range map[string]string{"metre": "m", "meter": "m", "gram": "g", "second": "s", "ampere": "A", "amp": "A", "kelvin": "K", "mole": "mol", "candela": "cd", "liter": "L", "litre": "L", "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "coulomb": "C", "volt": "V", "farad": "F", "ohm": "Ω", "tesla": "T", "henry": "H", "calorie": "cal", "electronvolt": "eV", "weber": "Wb", "siemens": "S"} {
		m[name] = prefixable[symbol]
		if name == "second" || name == "mole" || name == "candela" {
			continue
		}
		for long, short := range prefixNames {
			u := *prefixable[symbol]
			u.scale = u.scale.mul(prefixes[short])
			m[long+name] = &u
		}
	}
	for long, short := range prefixNames {
		u := *prefixable["s"]
		u.scale = u.scale.mul(prefixes[short])
		m[long+"second"] = &u
	}
	return m
}()

// unitOf gives the unit of that symbol or name, singular or plural; nil if
// there is none.
func unitOf(name string) *unit {
	name = strings.TrimSpace(name)
	if u := fixed[name]; u != nil {
		return u
	}
	if u := prefixable[name]; u != nil {
		return u
	}
	if name == "omega" || name == "Omega" {
		return prefixable["Ω"]
	}
	low := lowerASCII(name)
	if len(low) > 2 {
		for _, x := range [...]string{low, strings.TrimSuffix(low, "s"), strings.TrimSuffix(low, "es")} {
			if u := fixed[x]; u != nil && len(x) > 1 {
				return u
			}
		}
	}
	if u := prefixed(name); u != nil {
		return u
	}
	switch name {
	case "KJ", "kj":
		return unitOf("kJ")
	case "Kg", "KG", "kgs", "kilo", "kilos":
		return unitOf("kg")
	case "KPa", "kPA":
		return unitOf("kPa")
	case "KM", "Km", "kms":
		return unitOf("km")
	case "ML", "hrs", "mins", "secs", "cms", "gms", "gm", "ms", "kWhr":
		return unitOf(map[string]string{"ML": "mL", "hrs": "h", "mins": "min", "secs": "s", "cms": "cm", "gms": "g", "gm": "g", "ms": "ms", "kWhr": "kWh"}[name])
	}
	return nil
}

// prefixed gives the unit of a symbol, with or without a prefix; nil if it is none.
func prefixed(name string) *unit {
	if u := prefixable[name]; u != nil {
		return u
	}
	for n := range name {
		if n == 0 {
			continue
		}
		if n > 2 {
			break
		}
		if scale, ok := prefixes[name[:n]]; ok {
			if u := prefixable[name[n:]]; u != nil {
				v := *u
				v.scale = u.scale.mul(scale)
				return &v
			}
		}
	}
	return nil
}

// multiply gives u × v^k.
func (u *unit) multiply(v *unit, k int64) (*unit, bool) {
	if k > 20 || k < -20 {
		return nil, false
	}
	scale, ok := v.scale.pow(k)
	if !ok || v.noun != "" && (u.noun != "" || k != 1 && k != -1) {
		return nil, false
	}
	out := unit{dim: u.dim, scale: u.scale.mul(scale), pi: u.pi + v.pi*int8(k), noun: u.noun, money: u.money || v.money}
	for i, d := range v.dim {
		sum := int64(u.dim[i]) + int64(d)*k
		if sum > 100 || sum < -100 {
			return nil, false
		}
		out.dim[i] = int8(sum)
	}
	if v.noun != "" {
		out.noun = v.noun
		if k < 0 {
			out.noun = "per " + v.noun
		}
	}
	return &out, true
}
