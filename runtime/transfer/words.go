package transfer

import "strings"

// words are the texts of the files, by language.
var words = map[string]map[string]string{
	"zh": {
		"sys.id": "数据编号", "sys.title": "标题", "sys.created_by": "创建人", "sys.created_at": "创建时间", "sys.dept": "所属部门", "sys.updated_by": "更新人",
		"sys.updated_at": "更新时间", "sys.version": "表单版本", "case.state": "流程状态", "case.nodes": "当前节点", "case.handlers": "当前处理人", "case.result": "审批结果",
		"state.draft": "草稿", "state.running": "审批中", "state.returned": "已退回", "state.suspended": "已暂停", "state.approved": "已通过", "state.rejected": "已拒绝",
		"state.withdrawn": "已撤回", "state.terminated": "已终止", "state.error": "出错", "result.approve": "同意", "result.reject": "拒绝", "result.return": "退回", "result.handle": "已办理",
		"yes": "是", "no": "否", "join": "、", "row": "主表行号", "cut": "…", "signed": "已签名", "required": "必填",
		"note.number": "数字，如 1234.50", "note.percent": "百分数，如 12% 或 0.12", "note.date": "日期，如 2026-11-22", "note.month": "年月，如 2026-11", "note.year": "年份，如 2026",
		"note.instant": "日期时间，如 2026-11-22 09:30", "note.time": "时间，如 09:30", "note.range": "起止日期，如 2026-11-01 ~ 2026-11-30", "note.member": "姓名、账号或编号；重名时请填账号",
		"note.department": "部门名称或路径，如 总部/工程部", "note.role": "角色名称", "note.relation": "关联数据的标题", "note.many": "多个值用顿号或逗号分隔", "note.cascade": "各级用 / 分隔", "note.option": "可选：",
		"note.switch": "是 或 否", "note.row": "此行属于第一张表的哪一行，填 Excel 的行号，如 2", "example": "示例", "row.error": "错误原因", "export": "导出", "template": "导入模板", "errors": "错误行",
	},
	"en": {
		"sys.id": "Record id", "sys.title": "Title", "sys.created_by": "Created by", "sys.created_at": "Created at", "sys.dept": "Department", "sys.updated_by": "Updated by",
		"sys.updated_at": "Updated at", "sys.version": "Form version", "case.state": "Approval", "case.nodes": "Current step", "case.handlers": "With", "case.result": "Result",
		"state.draft": "draft", "state.running": "in approval", "state.returned": "returned", "state.suspended": "suspended", "state.approved": "approved", "state.rejected": "rejected",
		"state.withdrawn": "withdrawn", "state.terminated": "terminated", "state.error": "failed", "result.approve": "approved", "result.reject": "rejected", "result.return": "returned", "result.handle": "handled",
		"yes": "yes", "no": "no", "join": ", ", "row": "Main row", "cut": "…", "signed": "signed", "required": "required",
		"note.number": "a number such as 1234.50", "note.percent": "a percentage such as 12% or 0.12", "note.date": "a date such as 2026-11-22", "note.month": "a month such as 2026-11", "note.year": "a year such as 2026",
		"note.instant": "date and time such as 2026-11-22 09:30", "note.time": "a time such as 09:30", "note.range": "from and to, such as 2026-11-01 ~ 2026-11-30", "note.member": "name, login or id; the login where a name is shared",
		"note.department": "name or path of a department, such as Head office/Works", "note.role": "name of a role", "note.relation": "title of the related record", "note.many": "several values parted by commas", "note.cascade": "levels parted by /", "note.option": "one of: ",
		"note.switch": "yes or no", "note.row": "the row of the first sheet that this row belongs to, as Excel numbers it, such as 2", "example": "example", "row.error": "What is wrong", "export": "export", "template": "import template", "errors": "wrong rows",
	},
}

// word gives a text in a language: Chinese where it is not English.
func word(lang, key string) string {
	if strings.HasPrefix(lang, "en") {
		return words["en"][key]
	}
	return words["zh"][key]
}
