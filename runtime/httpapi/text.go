package httpapi

import (
	"fmt"
	"strings"
)

// Text gives the words of an error code in a language, "" when the default text
// of the error serves. Parameters stand in braces. Codes of fields begin with "field.".
func Text(lang, code string, params map[string]any) string {
	s := texts[lang][code]
	if s == "" {
		s = flowTexts[lang][code]
	}
	if s == "" {
		s = transferTexts[lang][code]
	}
	if s == "" {
		s = adminTexts[lang][code]
	}
	if s == "" {
		s = securityTexts[lang][code]
	}
	if s == "" {
		s = workTexts[lang][code]
	}
	if !strings.Contains(s, "{") {
		return s
	}
	for k, v := range params {
		s = strings.ReplaceAll(s, "{"+k+"}", fmt.Sprint(v))
	}
	if strings.Contains(s, "{") {
		return "" // a parameter is missing: better the default than a hole
	}
	return s
}

// texts are the words of codes: Chinese for all a person may meet; English
// where the error's own default text is not fit to be shown.
var texts = map[string]map[string]string{
	"zh-CN": {
		"internal": "系统出错了，请稍后重试", "timeout": "处理超时，请重试", "route.not_found": "没有这个地址", "route.method": "不支持这种请求方法",
		"body.too_large": "提交的内容太大", "body.missing": "请求没有内容", "body.json": "提交的内容不是有效的 JSON", "body.type": "提交的内容类型不对", "body.depth": "提交的内容嵌套太深",
		"body.encoding": "不支持压缩的请求内容", "request.malformed": "请求格式不对", "request.head_too_large": "请求地址或头部太长", "form.version": "表单没有这个版本", "idempotency.key": "幂等键太长", "range": "请求的范围超出文件",

		"auth.required": "请先登录", "auth.session": "登录已失效，请重新登录", "auth.credentials": "账号或密码不正确", "auth.throttled": "尝试次数过多，请 {retry_after} 秒后再试",
		"auth.csrf": "页面已过期，请刷新后重试", "auth.user": "该账号不可用", "auth.scope": "此密钥无权访问", "auth.password": "密码不符合要求", "auth.old_password": "原密码不正确", "auth.busy": "登录的人太多，请稍后再试",
		"tenant.missing": "请填写企业", "tenant.unknown": "没有这个企业", "me.lang": "语言只能是中文或英文",

		"form.unknown": "没有这个表单，或您无权访问", "field.unknown": "没有这个字段", "view.unknown": "没有这个视图",
		"record.not_found": "数据不存在，或您无权查看", "record.invalid": "有些内容需要修改", "record.stale": "数据已被他人修改", "record.busy": "正被多人同时修改，请重试",
		"record.duplicate": "已有相同的数据", "record.exists": "数据已存在", "record.too_large": "数据太大", "record.create_forbidden": "您无权新建", "record.edit_forbidden": "您无权修改",
		"record.delete_forbidden": "您无权删除", "record.history_forbidden": "您无权查看变更记录", "record.case_running": "审批中的数据不能删除，请先撤回或结束流程", "record.rev_missing": "缺少数据版本号",
		"serial.busy": "编号正忙，请重试", "draft.not_found": "没有草稿", "draft.too_large": "草稿太大", "draft.stale": "草稿已被他人修改", "fields.required": "请先填写本节点的必填项",

		"task.not_found": "待办不存在", "task.not_open": "该待办已处理", "task.not_yours": "这不是您的待办", "task.stale": "待办状态已变化，请刷新", "task.waiting": "还没有轮到您", "task.box": "没有这个列表",
		"case.not_found": "流程不存在", "case.ended": "流程已结束", "case.not_yours": "只有发起人可以操作", "case.admin_only": "只有管理员可以操作", "case.data": "此操作不能带数据",
		"action.not_allowed": "当前不能进行此操作", "comment.required": "请填写意见", "comment.too_long": "意见太长", "comment.length": "评论应为 1 到 2000 字", "comment.forbidden": "您无权评论",
		"approver.none": "找不到审批人，请联系管理员", "condition.failed": "流程条件无法计算，请联系管理员", "urge.too_soon": "刚催办过，{minutes} 分钟后可以再催", "urge.nobody": "没有可催办的人",
		"withdraw.never": "此流程不允许撤回", "withdraw.too_late": "已有人审批，不能撤回", "resubmit.back_not_allowed": "不能直接提交给退回的人", "return.back_not_allowed": "这样退回后不能直接送回",
		"batch.action": "批量操作只支持同意、办理和拒绝", "batch.size": "一次最多处理 50 条",

		"file.not_found": "文件不存在，或您无权查看", "file.too_large": "文件太大", "file.name": "文件名不合规范", "file.part": "分片大小不对", "file.incomplete": "文件没有传完", "file.state": "文件已上传完成", "file.too_many": "待提交的附件太多",
		"list.filter": "筛选条件不正确", "list.value": "筛选值的类型不对", "list.field": "没有这个字段", "list.sort": "排序字段太多", "list.limit": "每页最多 200 条", "list.cursor": "分页已失效，请刷新列表", "list.where": "条件不正确",
		"not_sortable": "不能按此字段排序", "sort_forbidden": "您不能查看全部数据的此字段，因此不能按它排序", "unknown_field": "没有这个字段", "notice.not_found": "没有这条通知", "publish.problems": "定义有错误，未发布", "publish.duplicates": "已有重复数据，无法设为唯一", "publish.busy": "数据正在频繁修改，请稍后重新发布",

		"field.required": "必填", "field.type": "类型不对", "field.unknown_field": "没有这个字段", "field.not_writable": "此处不能修改", "field.scale": "最多 {scale} 位小数", "field.min": "不能小于 {min}", "field.max": "不能大于 {max}",
		"field.min_length": "至少 {min} 个字", "field.max_length": "最多 {max} 个字", "field.pattern": "格式不正确", "field.format": "格式不正确", "field.option": "不在可选范围内", "field.min_items": "至少 {min} 项", "field.max_items": "最多 {max} 项",
		"field.duplicate": "已有相同的数据", "field.relation_missing": "所选数据不存在或无权查看", "field.relation_filter": "不能选择这条数据", "field.unknown_member": "没有这个人", "field.unknown_department": "没有这个部门",
		"field.file_missing": "文件没有上传成功", "field.row_unknown": "这一行已被他人删除", "field.depth": "嵌套太深", "field.too_large": "内容太大", "field.schema": "不符合格式要求", "field.digits": "数字太长",
	},
	"en": {
		"auth.throttled": "too many attempts; try again in {retry_after} seconds",
		"field.scale":    "at most {scale} decimals", "field.min": "at least {min}", "field.max": "at most {max}",
		"field.required": "required", "field.max_items": "at most {max} items", "field.min_items": "at least {min} items",
	},
}
