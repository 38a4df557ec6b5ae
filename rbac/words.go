package rbac

// words are the texts of one language. In the sentences stand: who (the subject),
// be (is, are), op, field, right, group, member, members, range, node. A sentence
// under "code/self" is for the subject himself, "code/new" is about a record that
// does not exist yet, "code/not" is for what is not allowed.
type words struct {
	you, comma, colon, when, button string

	says    map[string]string
	ops     map[string]string
	rights  map[string]string
	members map[string]string
	ranges  map[string]string
	states  map[string]string
}

var wordsZH = words{
	you: "您", comma: "、", colon: "：", when: "仅限{ref}状态", button: "按钮“{title}”",
	says: map[string]string{
		ReasonGrants:              "{who}作为{member}属于权限组“{group}”，该组允许{op}（{range}）",
		ReasonAdmin:               "{who}是平台管理员，可以操作全部数据",
		ReasonDataAdmin:           "{who}是本应用的数据管理员，可以操作本应用的全部数据",
		ReasonNoGroup:             "没有任何权限组允许{op}",
		ReasonNotMember:           "权限组“{group}”允许{op}，成员是{members}，{who}不在其中",
		ReasonNotMember + "/self": "有其他权限组允许{op}，但您不是它们的成员；如有需要请联系管理员",
		ReasonNoOperation:         "{who}作为{member}属于权限组“{group}”，但该组不包含{op}",
		ReasonRows:                "{who}作为{member}属于权限组“{group}”，该组的数据范围是{range}，这条数据不在范围内",
		ReasonState:               "{who}作为{member}属于权限组“{group}”，该组的适用范围是{range}，这条数据现在不是这个状态",
		ReasonNotNamed:            "权限组“{group}”适用于{member}，这条数据里没有{who}",
		ReasonNotNamed + "/new":   "权限组“{group}”适用于{member}，新数据里还没有任何人",
		ReasonNotVisible:          "权限组“{group}”允许{op}，但没有权限组让{who}看到这条数据",
		ReasonNotVisible + "/new": "没有权限组让{who}新建",
		ReasonFieldGranted:        "{who}作为{member}属于权限组“{group}”，对字段“{field}”的权限是{right}",
		ReasonFieldLimited:        "{who}作为{member}属于权限组“{group}”，该组把字段“{field}”设为{right}",
		ReasonUnknownForm:         "没有这个表单",
		ReasonAnonymous:           "没有登录",
		ReasonKey:                 "所用密钥的范围不包含{op}",
		ReasonFlowPart:            "{who}在流程节点“{node}”参与了这条数据，因此可以{op}",
		ReasonFlowNot:             "{who}在流程节点“{node}”参与了这条数据，但这不包含{op}",
		ReasonFlowField:           "{who}在流程节点“{node}”参与了这条数据，该节点对字段“{field}”的权限是{right}",
		ReasonAuthor:              "这条数据由{who}填写，填写人可以{op}",
		ReasonAuthor + "/not":     "这条数据由{who}填写，但这不包含{op}",
		ReasonAuthorField:         "这条数据由{who}填写，填写人对字段“{field}”的权限是{right}",
		ReasonDraft:               "这是他人的草稿，只有填写人能看到",
		ReasonDeleted:             "这条数据已删除",
		ReasonComputed:            "字段“{field}”由系统计算，任何人都不能填写",
		ReasonMenuRule:            "菜单规则按角色显示此入口，{who}持有其中的角色",
		ReasonMenuRule + "/not":   "菜单规则按角色显示此入口，{who}没有其中的角色",
		ReasonMenuOpen:            "此入口没有菜单规则，{who}可以查看或新建，因此显示",
		ReasonMenuRights:          "{who}既不能查看也不能新建，因此不显示此入口",
	},
	ops: map[string]string{"view": "查看", "create": "新建", "edit": "修改", "delete": "删除", "restore": "恢复", "import": "导入", "export": "导出", "print": "打印",
		"batch_edit": "批量修改", "comment": "评论", "share": "分享", "history": "查看变更记录", "approve": "代为审批", "transfer": "转交他人的待办", "reveal": "查看脱敏内容的原文", "": "填写"},
	rights: map[string]string{"hidden": "隐藏", "masked": "脱敏显示", "read": "只读", "write": "可编辑"},
	members: map[string]string{memberAdmin: "平台管理员", memberEveryone: "所有人", "plane": "管理员", "role": "角色“{ref}”", "dept": "部门“{ref}”的成员",
		"tree": "部门“{ref}”（含下级）的成员", "user": "成员“{ref}”", "field": "字段“{ref}”里的人"},
	ranges: map[string]string{"": "全部数据", "all": "全部数据", "mine": "本人创建的数据", "my_dept": "本部门的数据", "my_depts": "本部门及下级部门的数据",
		"headed": "所主管部门及下级的数据", "took_part": "本人参与过的数据", "depts:": "部门{ref}的数据", "formula": "符合条件的数据"},
	states: map[string]string{"draft": "草稿", "running": "审批中", "returned": "已退回", "suspended": "已暂停", "approved": "已通过", "rejected": "已拒绝",
		"withdrawn": "已撤回", "terminated": "已终止", "error": "出错"},
}

var wordsEN = words{
	you: "you", comma: ", ", colon: ": ", when: "in state {ref} only", button: `press “{title}”`,
	says: map[string]string{
		ReasonGrants:              "as {member}, {who} {be} in access group “{group}”, which lets its members {op} ({range})",
		ReasonAdmin:               "{who} {be} a platform administrator: all data are open",
		ReasonDataAdmin:           "{who} {be} a data administrator of this app: all its data are open",
		ReasonNoGroup:             "no access group lets anybody {op}",
		ReasonNotMember:           "access group “{group}” lets its members {op}: {members}; {who} {be} none of them",
		ReasonNotMember + "/self": "other access groups let their members {op}, but you are in none of them; ask an administrator if you need it",
		ReasonNoOperation:         "as {member}, {who} {be} in access group “{group}”, which does not include: {op}",
		ReasonRows:                "as {member}, {who} {be} in access group “{group}”, which holds for {range}; this record is not among them",
		ReasonState:               "as {member}, {who} {be} in access group “{group}”, which holds for {range}; this record is in another state",
		ReasonNotNamed:            "access group “{group}” is for {member}; this record does not name {who}",
		ReasonNotNamed + "/new":   "access group “{group}” is for {member}; a new record names nobody yet",
		ReasonNotVisible:          "access group “{group}” lets its members {op}, but no group shows {who} this record",
		ReasonNotVisible + "/new": "no access group lets {who} create",
		ReasonFieldGranted:        "as {member}, {who} {be} in access group “{group}”: field “{field}” is {right}",
		ReasonFieldLimited:        "as {member}, {who} {be} in access group “{group}”, which makes field “{field}” {right}",
		ReasonUnknownForm:         "there is no such form",
		ReasonAnonymous:           "nobody is logged in",
		ReasonKey:                 "the API key in use does not reach: {op}",
		ReasonFlowPart:            "{who} {be} part of the record's flow at node “{node}”, and may therefore {op}",
		ReasonFlowNot:             "{who} {be} part of the record's flow at node “{node}”, which does not include: {op}",
		ReasonFlowField:           "{who} {be} part of the record's flow at node “{node}”: there, field “{field}” is {right}",
		ReasonAuthor:              "{who} {be} filling this record, and whoever fills it may {op}",
		ReasonAuthor + "/not":     "{who} {be} filling this record, which does not include: {op}",
		ReasonAuthorField:         "{who} {be} filling this record: field “{field}” is {right}",
		ReasonDraft:               "this is somebody else's draft: only its author sees it",
		ReasonDeleted:             "this record is deleted",
		ReasonComputed:            "field “{field}” is computed: nobody fills it",
		ReasonMenuRule:            "a menu rule shows this entry by role, and {who} {be} a holder of one of its roles",
		ReasonMenuRule + "/not":   "a menu rule shows this entry by role, and {who} {be} no holder of its roles",
		ReasonMenuOpen:            "no menu rule limits this entry, and viewing or creating is open to {who}",
		ReasonMenuRights:          "neither viewing nor creating is open to {who}, so the entry is not shown",
	},
	ops: map[string]string{"view": "view", "create": "create", "edit": "edit", "delete": "delete", "restore": "restore", "import": "import", "export": "export", "print": "print",
		"batch_edit": "edit in batches", "comment": "comment", "share": "share", "history": "see the history", "approve": "approve in place of others", "transfer": "transfer the tasks of others", "reveal": "see masked values in full", "": "fill it"},
	rights: map[string]string{"hidden": "hidden", "masked": "masked", "read": "read-only", "write": "writable"},
	members: map[string]string{memberAdmin: "platform administrator", memberEveryone: "one of everybody", "plane": "administrator", "role": "holder of role “{ref}”", "dept": "member of department “{ref}”",
		"tree": "member of department “{ref}” or below", "user": "user “{ref}”", "field": "whoever field “{ref}” names"},
	ranges: map[string]string{"": "all records", "all": "all records", "mine": "one's own records", "my_dept": "records of one's department", "my_depts": "records of one's department and below",
		"headed": "records of departments one heads and below", "took_part": "records one took part in", "depts:": "records of {ref}", "formula": "records that meet a condition"},
	states: map[string]string{"draft": "draft", "running": "running", "returned": "returned", "suspended": "suspended", "approved": "approved", "rejected": "rejected",
		"withdrawn": "withdrawn", "terminated": "terminated", "error": "error"},
}
