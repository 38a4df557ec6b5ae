package flow

// words are the sentences of this package for people, by code and language. What
// stands in {braces} is filled in by whoever uses one.
var words = map[string][2]string{
	"branch_undecided":         {"条件用到的字段还没有填，暂按“不成立”处理", "the condition reads fields that are still blank, so it does not hold yet"},
	"people_undecided":         {"决定由谁处理的字段还没有填", "the field that says who is asked is still blank"},
	"field_invalid":            {"这个值无法采用，暂按空白处理", "this value cannot be taken and counts as blank"},
	"stopped":                  {"流程在这里无法继续", "the flow cannot go on from here"},
	"approver.none":            {"这个节点找不到处理人", "nobody was found for this node"},
	"migrate.node_missing":     {"新版本没有这个节点", "the node is not there in the new version"},
	"migrate.node_type":        {"新版本里这个节点换了类型", "the node is of another type in the new version"},
	"migrate.block_changed":    {"新版本里这个节点换了分支", "the node stands in another branch in the new version"},
	"migrate.mode_changed":     {"新版本里这个节点换了审批方式", "the people of the node decide otherwise in the new version"},
	"migrate.case.ended":       {"流程已结束", "the case has ended"},
	"migrate.case.not_started": {"还没有提交", "it has not been submitted"},
	"migrate.case.other_flow":  {"属于另一个流程", "it belongs to another flow"},
	"migrate.flow.none":        {"没有流程", "there is no flow"},
	"migrate.unfit":            {"流程所在的节点在新版本里不适用", "where the case stands does not fit the new version"},
	"migrate.nothing":          {"流程已结束，或已是这个版本", "the case has ended, or is of this version already"},

	"sim.comma":       {"；", "; "},
	"sim.branch":      {"走这个分支", "this branch"},
	"sim.otherwise":   {"其他条件都不成立", "no other condition holds"},
	"sim.approve":     {"同意", "approves"},
	"sim.handle":      {"办理", "handles"},
	"sim.reject":      {"拒绝", "rejects"},
	"sim.return":      {"退回", "returns it"},
	"sim.submit":      {"提交", "submits"},
	"sim.resubmit":    {"重新提交", "submits again"},
	"sim.open":        {"停在这里", "it stands here"},
	"sim.waiting":     {"等待轮到", "waits for his turn"},
	"sim.skipped":     {"自动通过", "is passed"},
	"sim.cancelled":   {"不再需要处理", "is not needed any more"},
	"sim.done":        {"收到抄送", "gets a copy"},
	"sim.expired":     {"超时", "let the deadline pass"},
	"choose.required": {"还没有选择这个节点的处理人", "somebody still has to choose whom this node asks"},

	"parent_ended":     {"发起它的流程已经结束或退回", "the flow that started it has ended or was returned"},
	"work.internal":    {"内部错误，详见服务日志", "an internal error; the log of the server says more"},
	"work.formula":     {"公式无法计算", "a formula cannot be evaluated"},
	"work.where":       {"查找条件无法执行", "the condition cannot be asked of the store"},
	"work.matches":     {"符合条件的记录太多", "too many records match"},
	"work.value":       {"值无法写入", "a value cannot be written"},
	"work.depth":       {"流程互相发起的层数过多", "flows have started one another too deep"},
	"form.unknown":     {"目标表单不存在", "the other form is not there"},
	"record.invalid":   {"记录的字段不符合要求", "some fields of the record are not right"},
	"record.duplicate": {"与已有记录重复", "there is another record with this value"},
	"record.busy":      {"目标记录正被多人修改", "the other record is being changed by many at once"},

	"record.case_running": {"目标记录正在审批，不能删除", "the other record is being approved and cannot be deleted"},
	"subflow.initiator":   {"找不到子流程的发起人", "nobody was found who starts the flow"},

	"call.off":         {"没有开启外部调用", "calls to outside systems are not set up"},
	"call.url":         {"地址不能调用", "the address cannot be called"},
	"call.address":     {"地址指向不允许访问的网络", "the address leads into a network that calls may not reach"},
	"call.redirect":    {"对方跳转到了别处", "the address leads to another place"},
	"call.status":      {"对方返回了错误状态", "the other system answered with an error"},
	"call.timeout":     {"对方没有按时应答", "there was no answer in time"},
	"call.unreachable": {"无法连接对方", "the address cannot be reached"},
	"call.too_large":   {"请求或应答过大", "the request or the answer is too large"},
	"call.answer":      {"应答不是 JSON", "the answer is no JSON"},
	"call.secret":      {"签名用的密钥不存在", "the secret that signs the request is not there"},

	"field.required":         {"必填", "required"},
	"field.type":             {"类型不对", "of the wrong type"},
	"field.duplicate":        {"已有记录使用此值", "another record has this value"},
	"field.relation_missing": {"所选记录不存在", "the chosen record does not exist"},
	"field.relation_filter":  {"所选记录在此不可选", "the chosen record cannot be chosen here"},
	"field.unknown_field":    {"没有这个字段", "there is no such field"},
	"field.unknown_member":   {"没有这个人", "there is no such person"},
	"field.option":           {"不在选项中", "none of the options"},
	"field.scale":            {"小数位过多", "too many decimals"},

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
