package formula

import (
	"net/url"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/decimal"
	"github.com/formwork-run/formwork/internal/pinyin"
)

var convertFunctions = []entry{
	{sig: "SPLIT(t text, sep text?) list of text", also: "STRINGTOARRAY", zh: "按分隔符把文本拆成列表", en: "Splits a text into a list", example: `SPLIT("a,b,c", ",")`, result: `["a","b","c"]`, loose: true, run: split},
	{sig: "SPLITPART(t text, sep text, n int) text", zh: "拆分后取第 n 段，负数从后数", en: "The n-th part of a split text, negative from the end", example: `SPLITPART("a/b/c", "/", 2)`, result: `"b"`, run: splitPart},
	{sig: "JOIN(l list, sep text?) text", also: "ARRAYTOSTRING", zh: "把列表连成一段文本，空值跳过", en: "Joins a list, blanks skipped", example: `JOIN(tags, "、")`, result: `"急、大额"`, loose: true, run: joinList},
	{sig: "VALUE(x any) number", also: "STRINGTONUMBER PARSEDOUBLE", zh: "把文本读成数字，如 \"1,200.5\"、\"15%\"、\"￥３０\"", en: "Reads a number out of a text", example: `VALUE("￥1,200.50")`, result: `"1200.5"`, run: valueOf},
	{sig: "PARSEINT(x any) number", zh: "把文本读成整数，舍去小数", en: "Reads a whole number, the fraction cut off", example: `PARSEINT("12.9")`, result: `"12"`, run: parseInt},
	{sig: "NUMBERTOSTRING(n number) text", zh: "把数字变成文本", en: "A number as text", example: `NUMBERTOSTRING(1.50)`, result: `"1.5"`, run: func(r *run, a []any) any { return num(a, 0).Key() }},
	{sig: "FIXED(n number, places int?, group bool?) text", zh: "四舍五入为固定小数位的文本", en: "Text with a fixed number of places", example: `FIXED(1234.5, 2, true)`, result: `"1,234.50"`, run: fixedText},
	{sig: "TEXT(x any, format text?) text", zh: "按格式把数字或日期变成文本", en: "A number or date as text, by a format", example: `TEXT(1234.5, "#,##0.00")`, result: `"1,234.50"`, macro: textMacro, run: formatted},
	{sig: "RMBFORMAT(n number) text", also: "RMBCAP", zh: "人民币大写金额", en: "An amount in Chinese capitals", example: `RMBFORMAT(1005.5)`, result: `"壹仟零伍元伍角整"`, run: rmbText},
	{sig: "ENCODEURI(t text) text", zh: "编码为网址", en: "Encodes a URI", example: `ENCODEURI("/a b?项=1")`, result: `"/a%20b?%E9%A1%B9=1"`, run: func(r *run, a []any) any { return r.string(encode(str(a, 0), uriKept)) }},
	{sig: "ENCODEURICOMPONENT(t text) text", zh: "编码为网址的一段参数", en: "Encodes a part of a URI", example: `ENCODEURICOMPONENT("a&b")`, result: `"a%26b"`, run: func(r *run, a []any) any { return r.string(encode(str(a, 0), componentKept)) }},
	{sig: "DECODEURICOMPONENT(t text) text", also: "DECODEURI", zh: "解码网址参数", en: "Decodes a part of a URI", example: `DECODEURICOMPONENT("a%26b")`, result: `"a&b"`, run: decode},
	{sig: "PINYINHEADCHAR(t text) text", zh: "汉字的拼音首字母（大写）", en: "Pinyin initials of Chinese characters", example: `PINYINHEADCHAR("合同A1")`, result: `"HTA1"`, server: true, run: initials},
	{sig: "TEXTPHONE(t text) text", zh: "只留下电话号码中的数字", en: "The digits of a phone number", example: `TEXTPHONE("+86 138-0000-1111")`, result: `"+8613800001111"`, run: phoneDigits},
	{sig: "TEXTLOCATION(place row, part text?) text", zh: "定位或地址中的一部分：address、lng、lat、region、detail", en: "A part of a location or an address", example: `TEXTLOCATION(site)`, result: `"南京东路 1 号"`, run: locationText},
	{sig: "UUID() text", zh: "生成一个唯一编号", en: "A new unique id", example: `LEN(UUID()) > 0`, result: `true`, server: true, volatile: true, run: newID},
}

func split(r *run, a []any) any {
	if isBlank(a[0]) {
		return nil
	}
	s, ok := r.convert(a[0], "text")
	if !ok {
		return nil
	}
	sep := ","
	if len(a) > 1 {
		sep = r.text(a[1])
	}
	out := []any{}
	for _, part := range strings.SplitN(s.(string), sep, maxList+2) {
		out = append(out, part)
	}
	return r.list(out)
}

func splitPart(r *run, a []any) any {
	parts := strings.Split(str(a, 0), str(a, 1))
	n := int64(a[2].(int))
	if n > 0 {
		n--
	} else if n == 0 {
		return nil
	}
	return pick(anyList(parts), n)
}

func joinList(r *run, a []any) any {
	sep := ","
	if len(a) > 1 {
		sep = r.text(a[1])
	}
	return r.string(r.join(r.elements(a[0]), sep))
}

func valueOf(r *run, a []any) any {
	switch x := a[0].(type) {
	case decimal.Decimal:
		return x
	case string:
		if d, ok := value(x); ok {
			return d
		}
		return nil
	}
	return r.fail("type", "VALUE wants a text, not %s", kindOf(a[0]))
}

func parseInt(r *run, a []any) any {
	if d, ok := valueOf(r, a).(decimal.Decimal); ok {
		return d.RoundDown(0)
	}
	return nil
}

func fixedText(r *run, a []any) any {
	places := intOr(a, 1, 2)
	if places < 0 || places > decimal.MaxPlaces {
		return r.fail(runArgument, "FIXED: %d places; 0 to %d are possible", places, decimal.MaxPlaces)
	}
	return fixed(r, num(a, 0), places, flag(a, 2))
}

func formatted(r *run, a []any) any {
	pattern := strOr(a, 1, "")
	if pattern == "" {
		return r.string(r.text(a[0]))
	}
	switch x := a[0].(type) {
	case decimal.Decimal:
		f, ok := parseNumberFormat(pattern)
		if !ok {
			return r.fail(runArgument, "TEXT: %q is no number format", pattern)
		}
		return r.string(f.format(x))
	case time.Time:
		return r.string(formatDate(wallOf(x, r.zone), pattern))
	}
	return r.string(r.text(a[0]))
}

func rmbText(r *run, a []any) any {
	s, ok := rmb(num(a, 0))
	if !ok {
		return r.fail(runArgument, "RMBFORMAT: the amount is too large")
	}
	return s
}

const (
	componentKept = "-_.!~*'()"
	uriKept       = componentKept + ";/?:@&=+$,#"
)

func encode(s, kept string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte(kept, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

func decode(r *run, a []any) any {
	s, err := url.PathUnescape(str(a, 0))
	if err != nil || strings.ToValidUTF8(s, "") != s {
		return nil
	}
	return s
}

func initials(r *run, a []any) any {
	var b strings.Builder
	for _, c := range str(a, 0) {
		if p := pinyin.Reading(c); p != "" {
			b.WriteString(strings.ToUpper(p[:1]))
			continue
		}
		b.WriteRune(c)
	}
	return r.string(b.String())
}

func phoneDigits(r *run, a []any) any {
	var b strings.Builder
	for _, c := range str(a, 0) {
		if c >= '0' && c <= '9' || c == '+' && b.Len() == 0 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func locationText(r *run, a []any) any {
	row := a[0].(map[string]any)
	part := strOr(a, 1, "address")
	switch part {
	case "region":
		return r.string(r.join(r.elements(r.outside(row[part])), ""))
	case "address", "lng", "lat", "detail":
		return r.string(r.text(r.outside(row[part])))
	}
	return r.fail(runArgument, "TEXTLOCATION: there is no part %q", part)
}

func newID(r *run, _ []any) any {
	if r.ctx.NewID == nil {
		return r.fail(runServerOnly, "UUID is answered by the server")
	}
	return r.ctx.NewID()
}
