package httpapi

var transferTexts = map[string]map[string]string{
	"zh-CN": {
		"record.export_forbidden": "您无权导出", "export.too_many": "一次最多导出 100000 行，请缩小筛选范围", "export.columns": "导出的列太多", "export.subtables": "子表导出方式不正确",
		"import.forbidden": "您无权导入", "job.not_found": "没有这个任务，或不是您的任务", "job.too_many": "您还有导入导出没有完成，请稍后再试",
		"import.file": "不是有效的 Excel 文件（.xlsx）", "import.too_large": "Excel 文件太大", "import.columns": "Excel 的列太多", "import.too_many": "一次最多导入 100000 行",
		"import.mode": "导入方式不正确", "import.mapping": "列与字段的对应关系不正确", "import.key": "请选择用来匹配数据的字段，并对应到一列", "import.row_link": "工作表“{sheet}”第 {row} 行的第一列没有写明主表行号",
		"import.running": "导入还没有完成，请稍后再试", "import.row_not_found": "没有这一行", "import.row": "行号不正确", "import.dry_run": "这次导入只做检查", "import.changed": "数据在导入后被修改过",

		"field.ambiguous": "有多条同名，请填写唯一的账号、编号或路径", "field.key_missing": "没有找到匹配的数据，或您无权查看", "field.unknown_role": "没有这个角色", "field.unknown_column": "文件中没有这一列",
	},
	"en": {
		"import.row_link": "row {row} of the sheet {sheet} does not say in its first column to which row of the first sheet it belongs",
	},
}
