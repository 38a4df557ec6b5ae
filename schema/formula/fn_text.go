package formula

import (
	"strings"
	"unicode"

	"github.com/formwork-run/formwork/internal/decimal"
)

var textFunctions = []entry{
	{sig: "CONCATENATE(x any+) text", also: "CONCAT", zh: "把各个值连成一段文本，空值不占位", en: "Joins values into one text; blanks count as empty", example: `CONCATENATE("HT-", qty)`, result: `"HT-3"`, macro: joinMacro},
	{sig: "LEN(x any) number", also: "ARRAYLENGTH", zh: "文本的字数，或列表的个数", en: "Characters of a text, elements of a list", example: `LEN("合同编号")`, result: `"4"`, loose: true, run: length},
	{sig: "LEFT(t text, n int?) text", zh: "取文本左边的 n 个字", en: "The first n characters", example: `LEFT("支出合同", 2)`, result: `"支出"`, run: func(r *run, a []any) any { return cut(str(a, 0), 0, intOr(a, 1, 1)) }},
	{sig: "RIGHT(t text, n int?) text", zh: "取文本右边的 n 个字", en: "The last n characters", example: `RIGHT("支出合同", 2)`, result: `"合同"`, run: right},
	{sig: "MID(t text, start int, n int) text", zh: "从第 start 个字起取 n 个字", en: "n characters from the 1-based position start", example: `MID("2024-03-15", 6, 2)`, result: `"03"`, run: func(r *run, a []any) any { return cut(str(a, 0), max(a[1].(int), 1)-1, a[2].(int)) }},
	{sig: "LOWER(t text) text", zh: "字母变为小写", en: "Lower case", example: `LOWER("Ab")`, result: `"ab"`, run: func(r *run, a []any) any { return strings.Map(lower, str(a, 0)) }},
	{sig: "UPPER(t text) text", zh: "字母变为大写", en: "Upper case", example: `UPPER("Ab")`, result: `"AB"`, run: func(r *run, a []any) any { return strings.Map(upper, str(a, 0)) }},
	{sig: "REPLACE(t text, start int, n int, new text?) text", zh: "把从第 start 个字起的 n 个字换成新文本", en: "Replaces n characters from a position", example: `REPLACE("13800001111", 4, 4, "****")`, result: `"138****1111"`, run: replaceAt},
	{sig: "SUBSTITUTE(t text, old text?, new text?, nth int?) text", zh: "把文本中的一段换成另一段", en: "Replaces occurrences of a text", example: `SUBSTITUTE("a-b-c", "-", "/")`, result: `"a/b/c"`, run: substitute},
	{sig: "SEARCH(find text, t text, start int?) number", zh: "查找文本出现的位置，不分大小写，找不到为 0", en: "Position of a text, case ignored; 0 when absent", example: `SEARCH("B", "abc")`, result: `"2"`, loose: true, run: func(r *run, a []any) any { return r.find(a, lower) }},
	{sig: "FIND(find text, t text, start int?) number", zh: "查找文本出现的位置，区分大小写，找不到为 0", en: "Position of a text, case-sensitive; 0 when absent", example: `FIND("c", "abc")`, result: `"3"`, loose: true, run: func(r *run, a []any) any { return r.find(a, nil) }},
	{sig: "FINDA(t text, from text, to text) list of text", zh: "取出两个标记之间的所有文本", en: "All texts between two marks", example: `FINDA("[a] [b]", "[", "]")`, result: `["a","b"]`, run: between},
	{sig: "CONTAINS(x any, y any) bool", also: "INCLUDE", zh: "文本包含一段文本，或列表包含一个值", en: "A text contains a part, a list contains a value", example: `CONTAINS("支出合同", "合同")`, result: `true`, macro: operatorMacro("contains")},
	{sig: "STARTSWITH(t text, part text) bool", zh: "文本以此开头", en: "A text starts with a part", example: `STARTSWITH("HT-01", "HT")`, result: `true`, macro: operatorMacro("starts")},
	{sig: "ENDSWITH(t text, part text) bool", zh: "文本以此结尾", en: "A text ends with a part", example: `ENDSWITH("a.pdf", ".pdf")`, result: `true`, macro: operatorMacro("ends")},
	{sig: "EXACT(a any, b any) bool", zh: "两个值完全相同", en: "Both values are the same", example: `EXACT("a", "A")`, result: `false`, macro: operatorMacro("==")},
	{sig: "TRIM(t text) text", zh: "去掉两端的空白", en: "Without white space at both ends", example: `TRIM("  a b ")`, result: `"a b"`, run: func(r *run, a []any) any { return trimSpaces(str(a, 0)) }},
	{sig: "LEFTTRIM(t text) text", zh: "去掉左端的空白", en: "Without white space at the left", example: `LEFTTRIM(" a")`, result: `"a"`, run: func(r *run, a []any) any { return strings.TrimLeft(str(a, 0), spaces) }},
	{sig: "RIGHTTRIM(t text) text", zh: "去掉右端的空白", en: "Without white space at the right", example: `RIGHTTRIM("a ")`, result: `"a"`, run: func(r *run, a []any) any { return strings.TrimRight(str(a, 0), spaces) }},
	{sig: "CLEAN(t text) text", zh: "去掉不可见的控制字符", en: "Without control characters", example: `CLEAN("a\nb")`, result: `"ab"`, run: clean},
	{sig: "REPT(t text, n int) text", zh: "把文本重复 n 次", en: "Repeats a text n times", example: `REPT("-", 3)`, result: `"---"`, run: repeat},
	{sig: "STRREVERSE(t text) text", zh: "把文本倒过来", en: "The text backwards", example: `STRREVERSE("上海")`, result: `"海上"`, run: reverse},
	{sig: "CHAR(n int) text", zh: "字符编码对应的字", en: "The character of a code point", example: `CHAR(65)`, result: `"A"`, run: char},
	{sig: "CODE(t text) number", zh: "第一个字的字符编码", en: "The code point of the first character", example: `CODE("A")`, result: `"65"`, run: func(r *run, a []any) any { return decimal.FromInt(int64([]rune(str(a, 0))[0])) }},
	{sig: "COUNTCHAR(t text, part text?) number", zh: "一段文本出现的次数；不给则为字数", en: "How often a part occurs; without it the number of characters", example: `COUNTCHAR("banana", "an")`, result: `"2"`, loose: true, run: countChar},
}

func lower(c rune) rune {
	if c == 'İ' { // its lower case is two characters
		return c
	}
	return unicode.ToLower(c)
}

func upper(c rune) rune { return unicode.ToUpper(c) }

func length(r *run, a []any) any {
	if l, ok := a[0].([]any); ok {
		return decimal.FromInt(int64(len(l)))
	}
	return decimal.FromInt(int64(runes(r.text(a[0]))))
}

// cut takes n code points from a 0-based position.
func cut(s string, from, n int) string {
	if n <= 0 {
		return ""
	}
	i, start, end := 0, len(s), len(s)
	for at := range s {
		if i == from {
			start = at
		}
		if i == from+n {
			end = at
			break
		}
		i++
	}
	return s[min(start, end):end]
}

func right(r *run, a []any) any {
	n := intOr(a, 1, 1)
	total := runes(str(a, 0))
	return cut(str(a, 0), max(total-max(n, 0), 0), n)
}

func replaceAt(r *run, a []any) any {
	s, from := str(a, 0), max(a[1].(int), 1)-1
	n := max(a[2].(int), 0)
	return r.string(cut(s, 0, from) + strOr(a, 3, "") + cut(s, from+n, len(s)))
}

func substitute(r *run, a []any) any {
	s, old, fresh := str(a, 0), strOr(a, 1, ""), strOr(a, 2, "")
	nth := intOr(a, 3, 0)
	if a[3] != nil && nth < 1 {
		return r.fail(runArgument, "SUBSTITUTE: which occurrence starts at 1")
	}
	if old == "" {
		return s
	}
	if nth > 0 {
		return r.string(substituteNth(s, old, fresh, nth))
	}
	if len(s)+strings.Count(s, old)*len(fresh) > 8*maxText {
		return r.fail(runLimit, "a text is longer than %d characters", maxText)
	}
	return r.string(strings.ReplaceAll(s, old, fresh))
}

func substituteNth(s, old, fresh string, nth int) string {
	from := 0
	for ; ; nth-- {
		i := strings.Index(s[from:], old)
		if i < 0 {
			return s
		}
		if nth == 1 {
			return s[:from+i] + fresh + s[from+i+len(old):]
		}
		from += i + len(old)
	}
}

// find answers FIND and SEARCH: a blank text is not found.
func (r *run) find(a []any, fold func(rune) rune) any {
	if isBlank(a[0]) || isBlank(a[1]) {
		return decimal.Zero
	}
	needle, ok := r.convert(a[0], "text")
	hay, ok2 := r.convert(a[1], "text")
	start := 1
	if len(a) > 2 && !isBlank(a[2]) {
		n, isInt := r.convert(a[2], "int")
		if !isInt {
			return nil
		}
		start = max(n.(int), 1)
	}
	if !ok || !ok2 {
		return nil
	}
	s, f := hay.(string), needle.(string)
	if fold != nil {
		s, f = strings.Map(fold, s), strings.Map(fold, f)
	}
	tail := cut(s, start-1, len(s))
	i := strings.Index(tail, f)
	if i < 0 || f == "" {
		return decimal.Zero
	}
	return decimal.FromInt(int64(start + runes(tail[:i])))
}

func between(r *run, a []any) any {
	s, from, to := str(a, 0), str(a, 1), str(a, 2)
	out := []any{}
	for {
		i := strings.Index(s, from)
		if i < 0 {
			return r.list(out)
		}
		s = s[i+len(from):]
		j := strings.Index(s, to)
		if j < 0 {
			return r.list(out)
		}
		out = append(out, s[:j])
		s = s[j+len(to):]
	}
}

func clean(r *run, a []any) any {
	return strings.Map(func(c rune) rune {
		if c < 0x20 || c == 0x7f {
			return -1
		}
		return c
	}, str(a, 0))
}

func repeat(r *run, a []any) any {
	s, n := str(a, 0), a[1].(int)
	if n < 0 {
		return r.fail(runArgument, "REPT: a text cannot be repeated %d times", n)
	}
	if n > maxText || runes(s)*n > maxText {
		return r.fail(runLimit, "a text is longer than %d characters", maxText)
	}
	return r.string(strings.Repeat(s, n))
}

func reverse(r *run, a []any) any {
	s := []rune(str(a, 0))
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
	return string(s)
}

func char(r *run, a []any) any {
	n := a[0].(int)
	if n < 1 || n > unicode.MaxRune || n >= 0xd800 && n < 0xe000 {
		return r.fail(runArgument, "CHAR: %d is no character", n)
	}
	return string(rune(n))
}

func countChar(r *run, a []any) any {
	if isBlank(a[0]) {
		return decimal.Zero
	}
	s := r.text(a[0])
	if len(a) < 2 || isBlank(a[1]) {
		return decimal.FromInt(int64(runes(s)))
	}
	return decimal.FromInt(int64(strings.Count(s, r.text(a[1]))))
}
