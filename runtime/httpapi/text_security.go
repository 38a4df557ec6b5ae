package httpapi

// securityTexts are the words of codes about logins, encryption and the log.
var securityTexts = map[string]map[string]string{
	"zh-CN": {
		"auth.ticket": "登录步骤已过期，请重新登录", "auth.totp": "验证码不正确或已使用过", "auth.totp_none": "还没有启用两步验证", "auth.totp_not_begun": "请先开始启用两步验证",
		"auth.totp_required": "企业要求启用两步验证，不能停用", "auth.no_vault": "这里无法保存两步验证", "auth.no_password": "该账号还没有密码，请发送密码链接", "auth.wrong_password": "密码不正确",
		"auth.locked": "失败次数过多，账号已锁定，请联系管理员", "auth.address": "不能从您所在的网络访问", "auth.rate": "此密钥的请求过于频繁，请 {retry_after} 秒后再试",
		"record.reveal_forbidden": "您只能查看脱敏后的内容", "field.missing": "请指定字段", "field.row_unknown": "没有这一行", "list.sealed": "该字段已加密，只能按相等筛选", "audit.format": "格式只能是 ndjson 或 csv",
		"field.sealed": "该字段已加密，只能按相等筛选", "field.classes": "需包含大写、小写、数字、其他字符中的 {classes} 种", "field.reused": "不能与最近用过的密码相同", "field.range": "应在 {min} 到 {max} 之间",
		"field.cidr": "请填写 IP 地址或网段，如 203.0.113.0/24", "field.locked_out": "列表不包含您当前的地址 {address}，保存后您将无法访问",
	},
	"en": {
		"auth.rate":     "this key has used its requests of this minute up; try again in {retry_after} seconds",
		"field.classes": "it needs {classes} of: lower case, upper case, digit, other character", "field.range": "{min} to {max}",
	},
}
