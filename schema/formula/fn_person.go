package formula

import (
	"github.com/formwork-run/formwork/internal/decimal"
)

var personFunctions = []entry{
	{sig: "USER(level int?) person", zh: "当前用户；给出层级时为其上级", en: "The acting user, or the superior so many levels up", example: `USER()`, result: `"u1"`, macro: userMacro, volatile: true, run: superior},
	{sig: "LOGINUSER() person", zh: "当前用户", en: "The acting user", example: `LOGINUSER()`, result: `"u1"`, volatile: true, macro: userNode("id", Person)},
	{sig: "GETUSERNAME() text", zh: "当前用户的姓名", en: "The acting user's name", example: `GETUSERNAME()`, result: `"张三"`, volatile: true, macro: userNode("name", String)},
	{sig: "LOGINUSERWORKNO() text", zh: "当前用户的工号", en: "The acting user's job number", example: `LOGINUSERWORKNO()`, result: `"007"`, server: true, volatile: true, run: func(r *run, _ []any) any { return r.person(r.ctx.User.ID, "workno") }},
	{sig: "USERFIELD(p text, attr text) any", zh: "人员的一个属性，如 name、dept、mobile", en: "An attribute of a person", example: `USERFIELD(USER(), "name")`, result: `"张三"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.person(str(a, 0), str(a, 1)) }},
	{sig: "DIRECTOR(p text?) person", zh: "人员的直属主管，默认当前用户", en: "The manager of a person, by default of the acting user", example: `DIRECTOR()`, result: `"u9"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.person(strOr(a, 0, r.ctx.User.ID), "director") }},
	{sig: "EMPLOYEE(x text) person", zh: "由编号或工号得到人员", en: "The person of an id or job number", example: `EMPLOYEE("u1")`, result: `"u1"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.person(str(a, 0), "id") }},
	{sig: "TEXTUSER(p text, attr text?) text", zh: "人员的姓名或其他属性", en: "The name of a person, or another attribute", example: `TEXTUSER("u1")`, result: `"张三"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.person(str(a, 0), strOr(a, 1, "name")) }},
	{sig: "TEXTDEPT(d text, attr text?) text", zh: "部门的名称或其他属性", en: "The name of a department, or another attribute", example: `TEXTDEPT("d1")`, result: `"工程部"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.dept(str(a, 0), strOr(a, 1, "name")) }},
	{sig: "DEPTNAME(d text) text", zh: "部门的名称", en: "The name of a department", example: `DEPTNAME("d1")`, result: `"工程部"`, server: true, volatile: true, run: func(r *run, a []any) any { return r.dept(str(a, 0), "name") }},
	{sig: "LOOKUP(form cond, match cond, field cond) any", zh: "取其他表单中第一条匹配记录的字段，如 LOOKUP(\"base.price\", item == code, price)", en: "A field of the first matching record of another form", example: `LOOKUP("base.price", item == code, price)`, result: `"42"`, server: true, volatile: true, macro: lookupMacro, loose: true, run: lookup},
	{sig: "ROLLUP(form cond, match cond, field cond, fn cond) any", zh: "汇总其他表单中匹配记录的字段：sum、count、avg、max、min", en: "Sum, count, avg, max or min over the matching records of another form", example: `ROLLUP("base.price", item == code, price, sum)`, result: `"42"`, server: true, volatile: true, macro: lookupMacro, loose: true, run: lookup},
	{sig: "MAPX(fn cond, key any, keyField cond, field cond) any", zh: "按关键字汇总其他表单，字段写作 表单.字段", en: "As ROLLUP, with fields written form.field", example: `MAPX("sum", code, "base.price.item", "base.price.price")`, result: `"42"`, server: true, volatile: true, macro: mapxMacro},
	{sig: "MY(form cond, path cond) list", zh: "我在其中的记录，仅用于权限范围", en: "Records in which I am named; only in filters of access rules", example: `"x" in MY("base.project", "members.member")`, result: "", server: true, volatile: true, macro: myMacro, loose: true, run: mine},
}

func (r *run) person(id, attr string) any {
	if r.ctx.Person == nil {
		return nil
	}
	return r.outside(r.ctx.Person(id, attr))
}

func (r *run) dept(id, attr string) any {
	if r.ctx.Dept == nil {
		return nil
	}
	return r.outside(r.ctx.Dept(id, attr))
}

// maxLevels bounds how far up USER(level) climbs.
const maxLevels = 20

func superior(r *run, a []any) any {
	level := intOr(a, 0, 0)
	if level < 0 || level > maxLevels {
		return r.fail(runArgument, "USER: 0 to %d levels up, not %d", maxLevels, level)
	}
	id := any(r.ctx.User.ID)
	for range level {
		text, ok := id.(string)
		if !ok || text == "" {
			return nil
		}
		id = r.person(text, "director")
	}
	return id
}

// lookup runs LOOKUP and ROLLUP: form, match, key, field, function.
func lookup(r *run, a []any) any {
	if r.ctx.Lookup == nil {
		return r.fail(runServerOnly, "other forms are read by the server")
	}
	if isBlank(a[2]) {
		if fn := r.text(a[4]); fn == "sum" || fn == "count" {
			return decimal.Zero
		}
		return nil
	}
	v, err := r.ctx.Lookup(r.text(a[0]), r.text(a[1]), identity(a[2]), r.text(a[3]), r.text(a[4]))
	if err != nil {
		return r.fail("lookup", "%s", err)
	}
	return r.outside(v)
}

// mine answers MY while a filter is made.
func mine(r *run, a []any) any {
	if r.my == nil {
		return r.fail(runFilterOnly, "MY works only in filters of access rules")
	}
	ids, err := r.my(r.text(a[0]), r.text(a[1]))
	if err != nil {
		return r.fail("lookup", "%s", err)
	}
	return anyList(ids)
}
