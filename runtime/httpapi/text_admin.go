package httpapi

// adminTexts are the words of codes that the administration answers with.
var adminTexts = map[string]map[string]string{
	"zh-CN": {
		"org.user": "成员信息需要修改", "org.dept": "部门信息需要修改", "org.role": "角色信息需要修改", "org.batch": "组织信息需要修改",
		"org.last_admin": "这是最后一位管理员，不能离职或取消管理员身份", "org.dept_in_use": "部门下还有成员或子部门，不能删除", "org.stale": "内容已被他人修改，请刷新后重试",
		"org.duplicate": "已被占用", "org.not_found": "不存在，可能已被删除", "query.state": "状态只能是在职或已离职", "query.ids": "一次最多查询 100 个", "cursor": "分页已失效，请刷新列表",
		"auth.link": "链接已使用、已过期或不正确，请联系管理员重新获取", "auth.setup_done": "已经有管理员了，请直接登录", "auth.key": "密钥信息需要修改", "auth.key_unknown": "没有这个密钥", "auth.key_invalid": "密钥无效",
		"session.not_found": "没有这个登录", "settings.invalid": "设置需要修改", "settings.stale": "设置已被他人修改，请刷新后重试", "settings.duplicate": "该域名已被其他企业使用", "job.not_found": "没有这个失败的任务",

		"org.plane": "只能授予或收回您自己拥有的管理权限", "org.protected": "您无权管理此账号：它拥有您没有的管理权限", "org.own_rights": "此修改会提升您自己的权限，请联系平台管理员",
		"explain.forbidden": "只有数据管理员可以查询他人的权限", "explain.op": "没有这个操作", "explain.field": "没有这个字段", "explain.what": "请指定待办或节点",
		"design.forbidden": "您不是该应用的管理员", "access.own_rights": "权限组“{group}”会让您获得原来没有的数据权限，请由平台管理员或数据管理员导入", "access.own_reach": "“{place}”会以应用的权限读写表单“{form}”中您无权查看的数据，请由平台管理员或该应用的数据管理员导入", "field.plane": "您没有此管理权限",

		"field.enum": "不在可选范围内", "field.unknown": "不存在", "field.cycle": "不能形成循环", "field.length": "长度不符合要求", "field.past": "不能早于现在", "field.wrong": "不正确",
		"field.same_as_login": "密码不能与账号或姓名相同", "field.too_simple": "密码过于简单", "field.too_common": "密码太常见，容易被猜到",
	},
	"en": {
		"org.last_admin": "this is the last administrator: he can neither leave nor stop being one",
	},
}
