package httpapi

import "github.com/formwork-run/formwork/runtime/audit"

// loggedActions are the actions that have a name of their own, in the order in
// which people are shown them: Chinese, English.
var loggedActions = [][3]string{
	{audit.KindData, "数据", "Records"}, {audit.KindFlow, "审批", "Approvals"}, {audit.KindLogin, "登录", "Logins"}, {audit.KindDesign, "设计", "Design"},
	{audit.KindAccess, "组织与权限", "People and access"}, {audit.KindExport, "导出", "Exports"}, {audit.KindSensitive, "查看敏感信息", "Sensitive values shown"}, {audit.KindAdmin, "管理", "Administration"},

	{"create", "新建", "created"}, {"save", "修改", "changed"}, {"submit", "提交", "submitted"}, {"delete", "删除", "deleted"}, {"restore", "恢复", "restored"},
	{"task.approve", "同意", "approved"}, {"task.reject", "拒绝", "rejected"}, {"task.return", "退回", "returned"}, {"task.transfer", "转交", "transferred"}, {"task.handle", "办理", "handled"},
	{"task.delegate", "委托", "delegated"}, {"task.add_signer", "加签", "signer added"}, {"task.remove_signer", "减签", "signer removed"}, {"task.take_back", "拿回", "taken back"}, {"task.save", "暂存", "saved"},
	{"case.cancel", "撤销", "cancelled"}, {"case.terminate", "终止流程", "terminated"}, {"case.suspend", "暂停流程", "suspended"}, {"case.resume", "恢复流程", "resumed"}, {"case.retry", "重试步骤", "step tried again"},
	{"case.skip", "跳过步骤", "step skipped"}, {"case.jump", "跳转节点", "moved to a node"}, {"case.reassign", "更换处理人", "reassigned"}, {"case.migrate", "迁移流程版本", "moved to another version"},
	{"case.withdraw", "撤回", "withdrawn"}, {"case.resubmit", "重新提交", "resubmitted"}, {"case.urge", "催办", "urged"}, {"case.comment", "评论", "commented"},
	{"login.failed", "登录失败", "login failed"}, {"login.locked", "账号锁定", "account locked"}, {"login.refused", "登录被拒绝", "login refused"}, {"logout", "退出登录", "logged out"},
	{"session.ended", "结束登录", "session ended"}, {"password.changed", "修改密码", "password changed"}, {"user.password_link", "发送密码链接", "password link made"},
	{"user.password_expired", "要求修改密码", "password change demanded"}, {"user.unlocked", "解锁账号", "account unlocked"}, {"user.session_ended", "结束他人登录", "session of a user ended"}, {"user.sessions_ended", "结束他人全部登录", "sessions of a user ended"},
	{"totp.enrolled", "启用两步验证", "second factor enrolled"}, {"totp.removed", "停用两步验证", "second factor removed"}, {"totp.recovery", "更换恢复码", "recovery codes replaced"}, {"setup", "初始化管理员", "first administrator made"},
	{"design.published", "发布应用", "app published"}, {"design.imported", "导入模板", "pack imported"}, {"design.released", "切换版本", "release put in use"}, {"design.saved", "保存草稿", "draft saved"},
	{"user.created", "添加成员", "user added"}, {"user.changed", "修改成员", "user changed"}, {"user.left", "成员离职", "user left"},
	{"dept.created", "添加部门", "department added"}, {"dept.changed", "修改部门", "department changed"}, {"dept.deleted", "删除部门", "department deleted"}, {"role.changed", "修改角色", "role changed"},
	{"delegation.created", "添加委托", "delegation made"}, {"delegation.changed", "修改委托", "delegation changed"}, {"delegation.ended", "结束委托", "delegation ended"},
	{"key.created", "创建密钥", "API key made"}, {"key.revoked", "吊销密钥", "API key revoked"},
	{"export", "导出数据", "records exported"}, {"print", "打印", "printed"}, {"audit.exported", "导出日志", "audit log exported"},
	{"reveal", "查看敏感字段", "sensitive value shown"},
	{"calendar.changed", "修改工作日历", "calendar changed"}, {"calendar.deleted", "删除工作日历", "calendar deleted"}, {"phrases.changed", "修改常用语", "phrases changed"},
	{"settings.changed", "修改设置", "settings changed"}, {"keys.rotated", "轮换加密密钥", "encryption key rotated"}, {"keys.prepared", "准备加密密钥", "encryption key prepared"}, {"keys.removed", "移除加密密钥", "encryption key removed"}, {"tenant.created", "创建企业", "organisation made"},
}

// actionTitle names an action or a kind; one without a name is itself.
func actionTitle(lang, action string) string {
	for _, a := range loggedActions {
		if a[0] == action {
			if lang == "en" {
				return a[2]
			}
			return a[1]
		}
	}
	return action
}

// actionsOf lists the named actions of a kind. ("login" names the kind and the act.)
func actionsOf(kind string) []string {
	var out []string
	kinds := len(audit.Kinds())
	for _, a := range loggedActions[kinds:] {
		if audit.KindOf(a[0]) == kind {
			out = append(out, a[0])
		}
	}
	return out
}
