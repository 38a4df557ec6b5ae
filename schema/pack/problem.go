package pack

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/schema"
)

// Format writes a problem the way compilers do, "forms/x.yaml:12:5: message
// [code]", so that editors can jump to it. Line and column are left out when unknown.
func Format(p schema.Problem) string {
	var b strings.Builder
	file, pointer, _ := strings.Cut(p.Path, "#")
	b.WriteString(file)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.Message)
	if p.Line == 0 && pointer != "" {
		b.WriteString(" (at " + pointer + ")")
	}
	return b.String() + " [" + p.Code + "]"
}

// fileProblem is a problem of a whole file.
func fileProblem(file, code, format string, args ...any) schema.Problem {
	return schema.Problem{Path: file + "#", Code: code, Message: fmt.Sprintf(format, args...)}
}

// problem is a problem at a value.
func (d *document) problem(n *node, code, format string, args ...any) schema.Problem {
	return schema.Problem{
		Path: d.file + "#" + n.ptr, Code: code, Message: fmt.Sprintf(format, args...),
		Line: n.line, Column: n.col,
	}
}

// locate gives a problem of a parser of package schema, whose path ends in a
// JSON pointer into this document, the file name, line and column of that place.
func (d *document) locate(p schema.Problem) schema.Problem {
	_, ptr, _ := strings.Cut(p.Path, "#")
	p.Path = d.file + "#" + ptr
	n, exact := d.root.find(ptr)
	p.Line, p.Column = n.line, n.col
	if exact && n.kind == kindText && p.To > 0 && n.plain {
		p.Column += p.From
		if n.quoted {
			p.Column++
		}
	}
	return p
}

// pointer appends a reference token to a JSON pointer.
func pointer(base, token string) string {
	token = strings.ReplaceAll(token, "~", "~0")
	return base + "/" + strings.ReplaceAll(token, "/", "~1")
}

func index(base string, i int) string { return base + "/" + strconv.Itoa(i) }
