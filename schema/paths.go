package schema

import "strings"

// sysPaths maps system names of formulas and filters to paths of the stored record.
var sysPaths = map[string]string{
	"sys.id":         "_id",
	"sys.title":      "title",
	"sys.created_by": "created_by",
	"sys.created_at": "created_at",
	"sys.dept":       "dept",
	"sys.updated_by": "updated_by",
	"sys.updated_at": "updated_at",
	"sys.version":    "version",
	"case.state":     "case.state",
	"case.nodes":     "case.nodes",
	"case.handlers":  "case.handlers",
	"case.result":    "case.result",
}

// DocPath maps a record name as users write it ("amount", "lines.qty",
// "sys.created_by", "case.state") to the path in the stored record document.
// ok is false for an unknown system name; field names are not checked.
func DocPath(name string) (path string, ok bool) {
	if strings.HasPrefix(name, "sys.") || strings.HasPrefix(name, "case.") {
		path, ok = sysPaths[name]
		return path, ok
	}
	return "data." + name, name != ""
}
