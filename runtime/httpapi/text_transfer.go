package httpapi

var transferTexts = map[string]map[string]string{
	"zh-CN": {
		"record.export_forbidden": "您无权导出", "export.too_many": "一次最多导出 100000 行，请缩小筛选范围", "export.columns": "导出的列太多", "export.subtables": "子表导出方式不正确",
		"import.forbidden": "您无权导入", "job.not_found": "没有这个任务，或不是您的任务", "job.too_many": "您还有导入导出没有完成，请稍后再试",
	},
}
