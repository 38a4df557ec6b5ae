package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/transfer"
)

// world is the lab in which keepers may export and import everything, clerks
// without what is hidden from them.
func world(t *testing.T) *kit.World {
	t.Helper()
	w := kit.Empty(t)
	files := kit.LabFiles()
	access := "access/lab.yaml"
	files.Edit(t, access, "can: [view, create, edit, delete, restore, comment, history]\n    fields: {hide: [secret, rows.cost",
		"can: [view, create, edit, delete, restore, comment, history, export, import]\n    fields: {hide: [secret, rows.cost")
	files.Edit(t, access, "  - key: keepers\n    form: item\n    members: [{role: keeper}]\n    can: [view, create, edit, delete, restore, comment, history]",
		"  - key: keepers\n    form: item\n    members: [{role: keeper}]\n    can: [view, create, edit, delete, restore, comment, history, export, import]")
	w.Publish(files)
	return w
}

// run works until a job has ended, and gives it.
func run(t *testing.T, w *kit.World, user string, j *transfer.Job, err error) *transfer.Job {
	t.Helper()
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	for {
		n, err := w.Transfers.Run(context.Background())
		if err != nil {
			t.Fatalf("run: %v", err)
		}
		if n == 0 {
			break
		}
	}
	got, err := w.Transfers.Get(context.Background(), w.As(user), j.ID)
	if err != nil {
		t.Fatalf("job: %v", err)
	}
	return got
}

// opened reads the file of a job.
func opened(t *testing.T, w *kit.World, user string, j *transfer.Job) *excelize.File {
	t.Helper()
	if j.State != transfer.Done || j.File == nil {
		t.Fatalf("job: %+v, error %+v", j, j.Error)
	}
	_, r, err := w.Files.Open(context.Background(), w.As(user), j.File.ID, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil || r.Close() != nil {
		t.Fatalf("read: %v", err)
	}
	if int64(len(raw)) != j.File.Size {
		t.Errorf("the file has %d bytes, the job says %d", len(raw), j.File.Size)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// rows reads a sheet as it is shown.
func rows(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	got, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func export(t *testing.T, w *kit.World, user, form string, in transfer.ExportInput) *excelize.File {
	t.Helper()
	j, err := w.Transfers.Export(context.Background(), w.As(user), form, in)
	return opened(t, w, user, run(t, w, user, j, err))
}

func TestExportSaysValuesInWords(t *testing.T) {
	t.Parallel()
	w := world(t)
	p := w.Create("kim", "lab.project", kit.M{"name": "一号楼"})
	w.Create("kim", "lab.item", kit.M{"name": "=HYPERLINK(1)", "project": p.ID(), "owner": "ann", "dept": "site", "day": "2024-05-01",
		"at": "2024-05-01T01:30:00Z", "amount": "1234.50", "rows": []kit.M{{"text": "a", "n": "12345678901234567.25"}, {"text": "+b", "n": "2"}}})
	f := export(t, w, "kim", "lab.item", transfer.ExportInput{Subtables: transfer.SubtablesSheets,
		Columns: []string{"no", "name", "project", "owner", "dept", "day", "at", "amount", "rows.text", "rows.n", "sys.created_by"}})
	want := [][]string{{"编号", "名称", "项目", "负责人", "部门", "日期", "时刻", "金额", "创建人"},
		{"I00001", "=HYPERLINK(1)", "一号楼", "Ann", "工地", "2024-05-01", "2024-05-01 09:30", "1,234.50", "Kim"}}
	if d := cmp.Diff(want, rows(t, f, "物品")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]string{{"主表行号", "文字", "数"}, {"2", "a", "12345678901234567.25"}, {"2", "+b", "2"}}, rows(t, f, "行")); d != "" {
		t.Error(d)
	}
	if formula, err := f.GetCellFormula("物品", "B2"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	for cell, want := range map[string]excelize.CellType{"B2": excelize.CellTypeInlineString, "F2": excelize.CellTypeUnset, "H2": excelize.CellTypeUnset} {
		if got, err := f.GetCellType("物品", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, %v", cell, got, err)
		}
	}
}

func TestExportMergesRecordsOverTheirRows(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Create("kim", "lab.item", kit.M{"name": "one", "rows": []kit.M{{"text": "a"}, {"text": "b"}, {"text": "c"}}})
	f := export(t, w, "kim", "lab.item", transfer.ExportInput{Columns: []string{"name", "rows.text"}})
	if d := cmp.Diff([][]string{{"名称", "行.文字"}, {"one", "a"}, {"", "b"}, {"", "c"}}, rows(t, f, "物品")); d != "" {
		t.Error(d)
	}
	merged, err := f.GetMergeCells("物品")
	if err != nil || len(merged) != 1 || merged[0].GetStartAxis() != "A2" || merged[0].GetEndAxis() != "A4" {
		t.Errorf("merged: %v, %v", merged, err)
	}
}

func TestExportHidesAndMasks(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Create("kim", "lab.item", kit.M{"name": "x", "secret": "s", "phone": "13800001234", "rows": []kit.M{{"text": "a", "cost": "5"}}})
	got := rows(t, export(t, w, "ann", "lab.item", transfer.ExportInput{}), "物品")
	all := fmt.Sprint(got)
	for _, hidden := range []string{"秘密", "成本", "13800001234"} {
		if bytes.Contains([]byte(all), []byte(hidden)) {
			t.Errorf("the export shows %s: %s", hidden, all)
		}
	}
	if !bytes.Contains([]byte(all), []byte("138****1234")) {
		t.Errorf("the export does not mask: %s", all)
	}
	_, err := w.Transfers.Export(context.Background(), w.As("ann"), "lab.item", transfer.ExportInput{Columns: []string{"secret"}})
	if fault.CodeOf(err) != "list.field" {
		t.Errorf("a hidden column: %v", err)
	}
}

func TestExportNeedsItsRight(t *testing.T) {
	t.Parallel()
	w := world(t)
	ctx := context.Background()
	for user, code := range map[string]string{"rita": "record.export_forbidden", "eve": "form.unknown"} {
		if _, err := w.Transfers.Export(ctx, w.As(user), "lab.item", transfer.ExportInput{}); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", user, err)
		}
	}
	j, err := w.Transfers.Export(ctx, w.As("kim"), "lab.item", transfer.ExportInput{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Transfers.Get(ctx, w.As("ann"), j.ID); fault.CodeOf(err) != "job.not_found" {
		t.Errorf("somebody else's job: %v", err)
	}
	if j = run(t, w, "kim", j, nil); j.State != transfer.Done {
		t.Fatalf("job: %+v", j)
	}
	if _, _, err := w.Files.Open(ctx, w.As("ann"), j.File.ID, 0, -1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else's file: %v", err)
	}
	found := false
	for _, d := range w.Docs("audit") {
		found = found || d["action"] == "export" && d["by"] == "kim" && d["form"] == "lab.item"
	}
	if !found {
		t.Error("the export is not in the audit log")
	}
}

func TestExportOfManyPages(t *testing.T) {
	t.Parallel()
	w := world(t)
	const n = 1203
	for i := range n {
		w.Create("kim", "lab.item", kit.M{"name": fmt.Sprintf("n%04d", i), "amount": fmt.Sprint(i)})
	}
	got := rows(t, export(t, w, "kim", "lab.item", transfer.ExportInput{Sort: "amount", Columns: []string{"name"}, Filter: kit.JSON(kit.M{"path": "amount", "op": "ge", "value": "3"})}), "物品")
	if len(got) != n-3+1 || got[1][0] != "n0003" || got[n-3][0] != "n1202" {
		t.Errorf("%d rows, first %v, last %v", len(got), got[1], got[len(got)-1])
	}
}
