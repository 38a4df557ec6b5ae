package httpapi

// flowTexts are the words of codes that actions in flows answer with.
var flowTexts = map[string]map[string]string{
	"zh-CN": {
		"task.order": "列表只能按最新或紧急程度排序", "task.opinion": "您被征求意见：请表示同意或不同意，不能退回",
		"transfer.to_required": "请选择一个人", "transfer.self": "任务已经是他的", "transfer.unknown": "没有这个在职人员", "transfer.already_asked": "他已经在处理或处理过本节点",
		"signer.where": "请选择在前、在后或并行加签", "signer.to_required": "请选择加签人", "signer.self": "不能加签自己", "signer.unknown": "没有这个在职人员", "signer.already_asked": "他已经在处理或处理过本节点", "signer.too_many": "加签人太多", "signer.not_added": "只能减去自己加签且还没有处理的人",
		"attachment.required": "请上传附件", "signature.required": "请签名",
		"mention.blind": "{name} 无权查看这条数据，不能 @ 他", "mention.unknown": "@ 的人不存在或已离职", "mention.too_many": "@ 的人太多", "files.too_many": "附件太多", "file.missing": "文件没有上传成功",
		"take_back.never": "此流程不允许收回", "take_back.nothing": "没有可以收回的处理", "take_back.too_late": "已有人继续处理，不能收回", "cancel.withdraw": "请先撤回流程再取消",
		"choose.required": "请选择节点处理人", "choose.count": "选择的人数不对", "choose.unknown": "所选人员不存在、已离职或重复", "choose.outside": "所选人员不在可选范围内", "choose.not_here": "此处不能选择该节点的处理人",
		"return.one_target": "请选择一个退回节点", "return.target": "不能退回到该节点", "return.target_required": "请选择退回到哪个节点",
		"jump.to_required": "请选择要跳转的节点", "jump.target": "不能跳转到该节点", "case.running": "流程正在进行", "case.returned": "流程已退回发起人", "case.suspended": "流程已暂停", "case.failed": "流程出错停止，请联系管理员",
		"case.not_started": "流程还没有提交", "case.other_flow": "流程定义不匹配", "case.too_long": "流程的任务太多，只能直接处理、撤回或终止", "work.none": "没有可以重试或跳过的步骤", "work.visit_required": "请选择要重试或跳过的步骤", "migrate.unfit": "流程不能迁移到新版本", "people.failed": "决定处理人的公式无法计算，请联系管理员", "delay.failed": "等待时间的公式无法计算，请联系管理员",
		"work.too_many": "明细行数太多，无法逐行处理",

		"delegation.invalid": "委托信息需要修改", "delegation.overlap": "同一时间、同一范围已有委托", "delegation.not_found": "没有这个委托", "delegation.not_yours": "只有管理员可以管理他人的委托",
		"delegation.ended": "委托已经结束", "delegation.stale": "委托已被修改，请刷新后重试", "phrases.invalid": "常用语需要修改",
		"calendar.invalid": "日历需要修改", "calendar.not_found": "没有这个日历", "calendar.stale": "日历已被他人修改，请刷新后重试", "calendar.too_many": "日历数量已达上限",

		"field.self": "不能委托给自己", "field.order": "结束应晚于开始", "field.begun": "已经开始，不能修改开始时间", "field.overlap": "时间重叠", "field.blind": "他无权查看这条数据",
	},
	"en": {
		"urge.too_soon": "just urged; again in {minutes} minutes", "mention.blind": "{name} may not see this record",
	},
}
