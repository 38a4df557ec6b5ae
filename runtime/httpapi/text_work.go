package httpapi

// workTexts are the words of codes about the work of flows, their simulation,
// migration and analysis.
var workTexts = map[string]map[string]string{
	"zh-CN": {
		"stats.forbidden": "您无权查看此流程的分析", "stats.range": "统计范围不正确", "flow.none": "这个表单没有流程",
		"simulate.invalid": "模拟的设置需要修改", "simulate.version": "只能模拟草稿或已发布的版本", "app.unknown": "没有这个应用，或您无权设计",
		"migrate.form": "请选择要迁移的表单", "migrate.too_many": "一次最多指定 {max} 个流程", "migrate.not_found": "没有这个迁移任务", "migrate.nothing": "流程已结束，或已是当前版本",
		"secret.invalid": "密钥需要修改", "secret.not_found": "没有这个密钥", "secret.too_many": "密钥数量已达上限（{max}）",
		"work.depth": "流程互相发起的层数过多", "jobs.none": "后台任务没有运行",

		"field.unknown_node": "没有这个节点",
	},
}
