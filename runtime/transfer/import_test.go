package transfer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/runtime/transfer"
)

// workbook makes a file of sheets, each rows of cells.
func workbook(t *testing.T, names []string, sheets ...[][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, rows := range sheets {
		if i == 0 {
			_ = f.SetSheetName("Sheet1", names[0])
		} else if _, err := f.NewSheet(names[i]); err != nil {
			t.Fatal(err)
		}
		for n, row := range rows {
			at, _ := excelize.CoordinatesToCellName(1, n+1)
			if err := f.SetSheetRow(names[i], at, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload gives a user a file.
func upload(t *testing.T, w *kit.World, user string, content []byte) string {
	t.Helper()
	ctx := context.Background()
	f, err := w.Files.Begin(ctx, w.As(user), "in.xlsx", int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Files.Part(ctx, w.As(user), f.ID, 1, content); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Files.Complete(ctx, w.As(user), f.ID); err != nil {
		t.Fatal(err)
	}
	return f.ID
}

// imported runs an import of rows into lab.item by kim.
func imported(t *testing.T, w *kit.World, in transfer.ImportInput, rows ...[]any) (*transfer.Job, transfer.Report) {
	t.Helper()
	in.File, in.Submit = upload(t, w, "kim", workbook(t, []string{"物品"}, rows)), true
	j, err := w.Transfers.Import(context.Background(), w.As("kim"), "lab.item", in)
	return reported(t, w, run(t, w, "kim", j, err))
}

func reported(t *testing.T, w *kit.World, j *transfer.Job) (*transfer.Job, transfer.Report) {
	t.Helper()
	var r transfer.Report
	if j.State != transfer.Done || json.Unmarshal(j.Report, &r) != nil {
		t.Fatalf("job: %+v %s %+v", j, j.Report, j.Error)
	}
	return j, r
}

func items(t *testing.T, w *kit.World, user string) []*record.Out {
	t.Helper()
	l, err := w.Records.List(context.Background(), w.As(user), "lab.item", record.ListInput{Sort: "name", Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return l.Items
}

func plainWords(string, map[string]any) string { return "" }

func TestImportReadsValues(t *testing.T) {
	t.Parallel()
	w := world(t)
	p := w.Create("kim", "lab.project", kit.M{"name": "一号楼"})
	file := upload(t, w, "kim", workbook(t, []string{"物品", "行"},
		[][]any{{"名称 *", "编号", "项目", "负责人", "部门", "日期", "时刻", "金额", "电话", "不认识"},
			{"a", "I-9", "一号楼", "Ann", "总部/工程部/工地", "2024年5月1日", "2024/5/1 9:30", "1,234.50", 13800001234, "?"},
			{"b", nil, p.ID(), "amy", "hq", 45413, 45413.5, "(12)", nil, nil}},
		[][]any{{"主表行号", "文字", "数"}, {3, "first", 0.1 + 0.2}, {3, "second", "12345678901234567.25"}}))
	j, err := w.Transfers.Import(context.Background(), w.As("kim"), "lab.item", transfer.ImportInput{File: file, Submit: true})
	_, rep := reported(t, w, run(t, w, "kim", j, err))
	if rep.Bad != 0 && rep.Created != 1 { // (12) is less than 0, which the form refuses
		t.Fatalf("report %+v", rep)
	}
	bad, _, err := w.Transfers.BadRows(context.Background(), w.As("kim"), j.ID, "", plainWords)
	if err != nil || len(bad) != 1 || bad[0].N != 3 || bad[0].Errors[0].Path != "amount" || bad[0].Errors[0].Column != "H" {
		t.Fatalf("bad rows: %+v, %v", bad, err)
	}
	r, err := w.Transfers.Repair(context.Background(), w.As("kim"), j.ID, 3, map[string]string{"amount": "￥12"}, plainWords)
	if err != nil || r.State != "created" || r.Record == "" {
		t.Fatalf("repaired: %+v, %v", r, err)
	}
	got := items(t, w, "kim")
	want := []kit.M{
		{"name": "a", "project": p.ID(), "owner": "ann", "dept": "site", "day": "2024-05-01", "at": "2024-05-01T01:30:00Z", "amount": "1234.50", "phone": "13800001234", "double": "2469.00", "no": "I00001"},
		{"name": "b", "project": p.ID(), "owner": "amy", "dept": "hq", "day": "2024-05-01", "at": "2024-05-01T04:00:00Z", "amount": "12", "double": "24", "no": "I00002",
			"rows": []any{kit.M{"text": "first", "n": "0.3"}, kit.M{"text": "second", "n": "12345678901234567.25"}}},
	}
	if len(got) != len(want) {
		t.Fatalf("%d records", len(got))
	}
	for i := range want {
		if rows, ok := got[i].Data["rows"].([]any); ok {
			for _, r := range rows {
				delete(r.(map[string]any), "id")
			}
		}
		if d := cmp.Diff(want[i], got[i].Data); d != "" {
			t.Error(d)
		}
	}
	if j, err = w.Transfers.Get(context.Background(), w.As("kim"), j.ID); err != nil || !strings.Contains(string(j.Report), `"bad":0`) {
		t.Errorf("report after the repair: %s, %v", j.Report, err)
	}
}

func TestImportUpdatesByKey(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Create("kim", "lab.item", kit.M{"name": "old", "code": "A", "amount": "1"})
	rows := [][]any{{"代码", "名称", "金额"}, {"A", "new", nil}, {"B", "made", 5}, {nil, "none", nil}}
	_, rep := imported(t, w, transfer.ImportInput{Mode: transfer.ModeUpdate, Key: "code"}, rows...)
	if d := cmp.Diff([]int{0, 1, 2}, []int{rep.Created, rep.Updated, rep.Bad}); d != "" {
		t.Error(d)
	}
	j, rep := imported(t, w, transfer.ImportInput{Mode: transfer.ModeUpsert, Key: "code"}, rows...)
	if d := cmp.Diff([]int{2, 0}, []int{rep.Created, rep.Bad}); d != "" {
		t.Error(d)
	}
	if got := items(t, w, "kim"); len(got) != 3 || got[1].Data["name"] != "new" || got[1].Data["amount"] != "1" {
		t.Errorf("%d records, the second %v", len(got), got[1].Data)
	}
	_, err := w.Transfers.Import(context.Background(), w.As("kim"), "lab.item", transfer.ImportInput{File: upload(t, w, "kim", workbook(t, []string{"x"}, rows)), Mode: transfer.ModeUpdate})
	if fault.CodeOf(err) != "import.key" {
		t.Errorf("no key: %v", err)
	}
	_ = j
}

func TestImportTwiceIsOnce(t *testing.T) {
	t.Parallel()
	w := world(t)
	j, _ := imported(t, w, transfer.ImportInput{}, []any{"名称"}, []any{"a"}, []any{"b"})
	// It died before it knew of its last rows: it begins again.
	rows := w.Store.Collection("transferrows")
	for _, d := range w.Docs("transferrows") {
		if err := rows.Delete(context.Background(), d["_id"].(string), noGuard()); err != nil {
			t.Fatal(err)
		}
	}
	again(t, w, j.ID)
	if _, rep := reported(t, w, run(t, w, "kim", j, nil)); rep.Created != 2 || len(items(t, w, "kim")) != 2 {
		t.Errorf("report %+v, %d records", rep, len(items(t, w, "kim")))
	}
}

func TestImportIsUndone(t *testing.T) {
	t.Parallel()
	w := world(t)
	ctx := context.Background()
	w.Create("kim", "lab.item", kit.M{"name": "old", "code": "A", "amount": "1"})
	j, _ := imported(t, w, transfer.ImportInput{Mode: transfer.ModeUpsert, Key: "code"},
		[]any{"代码", "名称", "金额", "电话"}, []any{"A", "new", 2, "13800001234"}, []any{"B", "b", 1, nil}, []any{"C", "c", 1, nil})
	c := items(t, w, "kim")[1]
	if _, err := w.Records.Save(ctx, w.As("kim"), w.Flow, "lab.item", c.ID, record.SaveInput{Rev: c.Rev, Patch: kit.Set(kit.M{"amount": "7"})}); err != nil {
		t.Fatal(err)
	}
	u, err := w.Transfers.Undo(ctx, w.As("kim"), j.ID)
	u = run(t, w, "kim", u, err)
	var got transfer.Undone
	if err := json.Unmarshal(u.Report, &got); err != nil {
		t.Fatalf("%+v: %v", u, err)
	}
	if got.Deleted != 1 || got.Restored != 1 || got.KeptRows != 1 || got.Kept[0].N != 4 || got.Kept[0].Code != "import.changed" {
		t.Errorf("undone: %+v", got)
	}
	left := items(t, w, "kim")
	if len(left) != 2 || left[0].Data["name"] != "c" || left[1].Data["name"] != "old" || left[1].Data["amount"] != "1" || left[1].Data["phone"] != nil {
		t.Errorf("left: %v %v", left[0].Data, left[1].Data)
	}
}

func TestImportOnlyChecks(t *testing.T) {
	t.Parallel()
	w := world(t)
	j, rep := imported(t, w, transfer.ImportInput{DryRun: true}, []any{"名称", "金额"}, []any{"a", 1}, []any{nil, "x"}, []any{nil, 3})
	if rep.Bad != 2 || len(items(t, w, "kim")) != 0 {
		t.Errorf("report %+v", rep)
	}
	name, content, err := w.Transfers.ErrorsFile(context.Background(), w.As("kim"), j.ID, plainWords)
	if err != nil || name == "" {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	got := rows(t, f, "物品")
	if len(got) != 3 || got[0][2] != "错误原因" || !strings.HasPrefix(got[1][2], "金额: ") || got[2][1] != "3" {
		t.Errorf("errors file: %v", got)
	}
}

func TestImportRemembersColumns(t *testing.T) {
	t.Parallel()
	w := world(t)
	rows := [][]any{{"Unknown", "名称"}, {"x", "y"}}
	imported(t, w, transfer.ImportInput{Mapping: map[string]string{"A": "name", "B": ""}}, rows...)
	if _, rep := imported(t, w, transfer.ImportInput{}, rows...); rep.Columns[0].Field != "name" || rep.Columns[1].Field != "" {
		t.Errorf("columns %+v", rep.Columns)
	}
	for name, m := range map[string]map[string]string{"column": {"Z": "name"}, "field": {"A": "nothing"}, "computed": {"A": "double"}, "twice": {"A": "name", "B": "name"}} {
		_, err := w.Transfers.Import(context.Background(), w.As("kim"), "lab.item", transfer.ImportInput{File: upload(t, w, "kim", workbook(t, []string{"x"}, rows)), Mapping: m})
		if fault.CodeOf(err) != "import.mapping" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestImportKeepsRights(t *testing.T) {
	t.Parallel()
	w := world(t)
	ctx := context.Background()
	file := upload(t, w, "ann", workbook(t, []string{"x"}, [][]any{{"名称", "秘密"}, {"a", "s"}}))
	j, err := w.Transfers.Import(ctx, w.As("ann"), "lab.item", transfer.ImportInput{File: file, Submit: true})
	_, rep := reported(t, w, run(t, w, "ann", j, err))
	if rep.Created != 1 || rep.Columns[1].Field != "" || items(t, w, "kim")[0].Data["secret"] != nil {
		t.Errorf("a hidden field was filled: %+v", rep)
	}
	if _, err := w.Transfers.Import(ctx, w.As("kim"), "lab.item", transfer.ImportInput{File: file}); fault.CodeOf(err) != "file.not_found" {
		t.Errorf("somebody else's file: %v", err)
	}
	if _, err := w.Transfers.Import(ctx, w.As("rita"), "lab.item", transfer.ImportInput{File: file}); fault.CodeOf(err) != "import.forbidden" {
		t.Errorf("no right: %v", err)
	}
	for name, content := range map[string][]byte{"text": []byte("name\na\n"), "zip": {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}} {
		if _, err := w.Transfers.Import(ctx, w.As("kim"), "lab.item", transfer.ImportInput{File: upload(t, w, "kim", content)}); fault.CodeOf(err) != "import.file" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTemplateIsImported(t *testing.T) {
	t.Parallel()
	w := world(t)
	_, content, err := w.Transfers.Template(w.As("kim"), "lab.item")
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.GetSheetList(); len(got) < 3 || got[0] != "物品" || got[1] != "行" {
		t.Fatalf("sheets %v", got)
	}
	head := rows(t, f, "物品")[0]
	if head[0] != "名称 *" {
		t.Errorf("headings %v", head)
	}
	for i := range head {
		at, _ := excelize.CoordinatesToCellName(i+1, 2)
		_ = f.SetCellStr("物品", at, map[string]string{"名称 *": "x", "金额": "5"}[head[i]])
	}
	_ = f.SetSheetRow("行", "A2", &[]any{2, "line"})
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	j, err := w.Transfers.Import(context.Background(), w.As("kim"), "lab.item", transfer.ImportInput{File: upload(t, w, "kim", b.Bytes()), Submit: true})
	_, rep := reported(t, w, run(t, w, "kim", j, err))
	if rep.Created != 1 || rep.Bad != 0 {
		t.Fatalf("report %+v", rep)
	}
	if got := items(t, w, "kim")[0].Data; got["amount"] != "5" || len(got["rows"].([]any)) != 1 {
		t.Errorf("record %v", got)
	}
}
