package formula

import "github.com/formwork-run/formwork/internal/decimal"

var logicFunctions = []entry{
	{sig: "IF(cond bool, yes any, no any?) any", zh: "条件成立取第二个值，否则取第三个", en: "One of two values", example: `IF(qty > 2, "多", "少")`, result: `"多"`, macro: ifMacro},
	{sig: "IFS(cond bool, value any, more any*) any", zh: "依次判断，取第一个成立的值", en: "The value of the first condition that holds", example: `IFS(qty > 5, "多", qty > 2, "中", true, "少")`, result: `"中"`, macro: ifsMacro},
	{sig: "CASEWHEN(cond bool, value any, more any*) any", zh: "依次判断，都不成立取最后一个值", en: "As IFS, with an otherwise at the end", example: `CASEWHEN(qty > 5, "多", "少")`, result: `"少"`, macro: ifsMacro},
	{sig: "SWITCH(x any, value any, result any, more any*) any", zh: "按值选取结果，可在最后给出默认值", en: "The result of the value that x equals", example: `SWITCH(qty, 1, "一", 3, "三", "其他")`, result: `"三"`, macro: switchMacro},
	{sig: "AND(a bool+) bool", zh: "全部成立", en: "All hold", example: `AND(qty > 1, price > 50)`, result: `true`, macro: logicMacro("and")},
	{sig: "OR(a bool+) bool", zh: "至少一个成立", en: "One holds", example: `OR(qty > 5, price > 50)`, result: `true`, macro: logicMacro("or")},
	{sig: "NOT(a bool) bool", zh: "不成立", en: "Does not hold", example: `NOT(qty > 5)`, result: `true`, macro: notMacro},
	{sig: "XOR(a bool+) bool", zh: "成立的个数为单数", en: "An odd number hold", example: `XOR(true, false)`, result: `true`, loose: true, run: xor},
	{sig: "TRUE() bool", zh: "真", en: "True", example: `TRUE()`, result: `true`, macro: boolMacro(1)},
	{sig: "FALSE() bool", zh: "假", en: "False", example: `FALSE()`, result: `false`, macro: boolMacro(0)},
	{sig: "EQ(a any, b any) bool", zh: "等于", en: "Equal", example: `EQ(qty, 3)`, result: `true`, macro: operatorMacro("==")},
	{sig: "NE(a any, b any) bool", zh: "不等于", en: "Not equal", example: `NE(qty, 3)`, result: `false`, macro: operatorMacro("!=")},
	{sig: "GT(a any, b any) bool", zh: "大于", en: "Greater", example: `GT(qty, 3)`, result: `false`, macro: operatorMacro(">")},
	{sig: "GE(a any, b any) bool", zh: "大于等于", en: "Greater or equal", example: `GE(qty, 3)`, result: `true`, macro: operatorMacro(">=")},
	{sig: "LT(a any, b any) bool", zh: "小于", en: "Less", example: `LT(qty, 3)`, result: `false`, macro: operatorMacro("<")},
	{sig: "LE(a any, b any) bool", zh: "小于等于", en: "Less or equal", example: `LE(qty, 3)`, result: `true`, macro: operatorMacro("<=")},
	{sig: "ISEMPTY(x any) bool", also: "ISNULL ISBLANK", zh: "为空", en: "Is blank", example: `ISEMPTY("")`, result: `true`, macro: blankMacro},
	{sig: "ISNOTEMPTY(x any) bool", zh: "不为空", en: "Is not blank", example: `ISNOTEMPTY(qty)`, result: `true`, macro: notBlankMacro},
	{sig: "COALESCE(a any, more any+) any", also: "IFEMPTY", zh: "第一个不为空的值", en: "The first value that is not blank", example: `COALESCE(nil, qty)`, result: `"3"`, macro: coalesceMacro},
	{sig: "HASEMPTYTEXT(x any+) bool", zh: "其中有空值", en: "One of them is blank", example: `HASEMPTYTEXT("a", "")`, result: `true`, loose: true, run: hasEmpty},
	{sig: "NUMBERCOMPARE(a number, b number) number", zh: "比较两个数：1、0、-1", en: "Compares two numbers: 1, 0, -1", example: `NUMBERCOMPARE(qty, 2)`, result: `"1"`, run: func(_ *run, a []any) any { return decimal.FromInt(int64(num(a, 0).Cmp(num(a, 1)))) }},
	{sig: "EXIST(x any, l list) bool", zh: "值在列表中", en: "A list contains a value", example: `EXIST("急", tags)`, result: `true`, macro: operatorMacro("in")},
}

func xor(r *run, a []any) any {
	odd := false
	for _, v := range a {
		odd = odd != r.truth(v)
	}
	return odd
}

func hasEmpty(r *run, a []any) any { return !countBlank(r, a).(decimal.Decimal).IsZero() }
