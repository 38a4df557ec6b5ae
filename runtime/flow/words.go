package flow

// words are the sentences of this package for people, by code and language. What
// stands in {braces} is filled in by whoever uses one.
var words = map[string][2]string{
	"branch_undecided": {"条件用到的字段还没有填，暂按“不成立”处理", "the condition reads fields that are still blank, so it does not hold yet"},
	"people_undecided": {"决定由谁处理的字段还没有填", "the field that says who is asked is still blank"},
	"field_invalid":    {"这个值无法采用，暂按空白处理", "this value cannot be taken and counts as blank"},
	"stopped":          {"流程在这里无法继续", "the flow cannot go on from here"},
	"approver.none":    {"这个节点找不到处理人", "nobody was found for this node"},
	"condition.failed": {"这个分支的条件无法计算", "the condition of this branch cannot be evaluated"},
}

// word gives a sentence in a language; a code without one gives other.
func word(lang, code, other string) string {
	w, ok := words[code]
	switch {
	case !ok:
		return other
	case lang == "en":
		return w[1]
	}
	return w[0]
}
