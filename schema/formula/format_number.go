package formula

import (
	"strings"

	"github.com/formwork-run/formwork/internal/decimal"
)

// numberFormat is a pattern such as "￥#,##0.00" taken apart.
type numberFormat struct {
	prefix, suffix string
	percent, group bool
	whole          int // least digits before the point
	least, most    int // places
}

func parseNumberFormat(p string) (f numberFormat, ok bool) {
	from := strings.IndexAny(p, "#0")
	if from < 0 {
		return f, false
	}
	to := from
	for to < len(p) && strings.IndexByte("#0,.", p[to]) >= 0 {
		to++
	}
	f.prefix, f.suffix = p[:from], p[to:]
	f.percent = strings.Contains(f.prefix+f.suffix, "%")
	whole, places, _ := strings.Cut(p[from:to], ".")
	if strings.Contains(places, ".") {
		return f, false
	}
	f.group = strings.Contains(whole, ",")
	f.whole = max(strings.Count(whole, "0"), 1)
	f.least = strings.Count(places, "0")
	f.most = min(f.least+strings.Count(places, "#"), decimal.MaxPlaces)
	return f, f.least <= decimal.MaxPlaces && f.whole <= 60
}

func (f numberFormat) format(d decimal.Decimal) string {
	if f.percent {
		d = d.Mul(decimal.FromInt(100))
	}
	d = d.Round(f.most)
	sign := ""
	if d.Sign() < 0 {
		sign, d = "-", d.Neg()
	}
	whole, places, _ := strings.Cut(d.String(), ".")
	for len(places) > f.least && strings.HasSuffix(places, "0") {
		places = places[:len(places)-1]
	}
	for len(places) < f.least {
		places += "0"
	}
	for len(whole) < f.whole {
		whole = "0" + whole
	}
	if f.group {
		whole = thousands(whole)
	}
	if places != "" {
		whole += "." + places
	}
	return sign + f.prefix + whole + f.suffix
}

func thousands(digits string) string {
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

func fixed(_ *run, d decimal.Decimal, places int, group bool) string {
	return numberFormat{group: group, whole: 1, least: places, most: places}.format(d)
}

// value reads a number out of a text as people write it.
func value(s string) (decimal.Decimal, bool) {
	s = trimSpaces(strings.Map(halfWidth, s))
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	for _, c := range []string{"¥", "￥", "$"} {
		if strings.HasPrefix(s, c) {
			s = s[len(c):]
			break
		}
	}
	s = strings.ReplaceAll(s, ",", "")
	percent := strings.HasSuffix(s, "%")
	s = strings.TrimSuffix(s, "%")
	if s == "" || s[0] < '0' || s[0] > '9' || strings.Contains(s, ".") && !digitAfterPoint(s) {
		return decimal.Decimal{}, false
	}
	d, err := decimal.Parse(sign + s)
	if err != nil {
		return decimal.Decimal{}, false
	}
	if percent {
		d, _ = d.Quo(decimal.FromInt(100))
	}
	return d, true
}

func digitAfterPoint(s string) bool {
	_, places, _ := strings.Cut(s, ".")
	return places != "" && places[0] >= '0' && places[0] <= '9'
}

func halfWidth(c rune) rune {
	switch {
	case c >= '０' && c <= '９':
		return c - '０' + '0'
	case c == '．':
		return '.'
	case c == '－':
		return '-'
	case c == '＋':
		return '+'
	case c == '，':
		return ','
	case c == '％':
		return '%'
	}
	return c
}

const rmbDigits = "零壹贰叁肆伍陆柒捌玖"

func rmbDigit(d int) string { return rmbDigits[3*d : 3*d+3] }

// rmb writes an amount in Chinese capitals; ok is false from 10^16 on.
func rmb(d decimal.Decimal) (string, bool) {
	d = d.Round(2)
	sign := ""
	if d.Sign() < 0 {
		sign, d = "负", d.Neg()
	}
	cents, ok := d.Scaled(2)
	if !ok || cents >= 1e18 {
		return "", false
	}
	if cents == 0 {
		return "零元整", true
	}
	out := rmbWhole(decimal.FromInt(cents / 100).String())
	if out != "" {
		out += "元"
	}
	return sign + out + rmbPlaces(int(cents%100), out != ""), true
}

func rmbWhole(digits string) string {
	if digits == "0" {
		return ""
	}
	units, groups := []string{"", "拾", "佰", "仟"}, []string{"", "万", "亿", "兆"}
	out, zero, used := "", false, false
	for i := range len(digits) {
		at := len(digits) - 1 - i
		if d := int(digits[i] - '0'); d == 0 {
			zero = true
		} else {
			if zero && out != "" {
				out += "零"
			}
			out += rmbDigit(d) + units[at%4]
			zero, used = false, true
		}
		if at%4 == 0 {
			if used {
				out += groups[at/4]
			}
			zero, used = !used, false
		}
	}
	return out
}

func rmbPlaces(cents int, whole bool) string {
	jiao, fen := cents/10, cents%10
	out := ""
	switch {
	case cents == 0:
		return "整"
	case jiao > 0:
		out = rmbDigit(jiao) + "角"
	case whole:
		out = "零"
	}
	if fen > 0 {
		return out + rmbDigit(fen) + "分"
	}
	return out + "整"
}
