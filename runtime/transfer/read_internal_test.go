package transfer

import (
	"archive/zip"
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema"
)

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{"1,234.50": "1234.50", "1234.50": "1234.50", "￥1，234": "1234", "(12)": "-12", "（12.5）": "-12.5", "-3": "-3",
		"0.30000000000000004": "0.3", "1E5": "100000", "1.5E-3": "0.0015", "12345678901234567.25": "12345678901234567.25", "12345678901234.56": "12345678901234.56",
		"１２": "12", "1,23": "", "x": "", "1.2.3": "", "12%": "", "1e999": "", "NaN": "", "0x10": "", "": ""} {
		got, bad := parseNumber(cell, false)
		if (bad != nil) != (want == "") || bad == nil && got != want {
			t.Errorf("%q is %v, %v; want %q", cell, got, bad, want)
		}
	}
	for cell, want := range map[string]string{"12%": "0.12", "0.12": "0.12", "12.345％": "0.12345"} {
		if got, bad := parseNumber(cell, true); bad != nil || got != want {
			t.Errorf("%q is %v, %v; want %q", cell, got, bad, want)
		}
	}
}

func TestDatesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	p := &parser{zone: time.FixedZone("CST", 8*3600)}
	for _, c := range []struct{ precision, cell, want string }{
		{"day", "2024-05-01", "2024-05-01"}, {"day", "2024/5/1", "2024-05-01"}, {"day", "2024.5.1", "2024-05-01"}, {"day", "2024年5月1日", "2024-05-01"}, {"day", "20240501", "2024-05-01"},
		{"day", "45413", "2024-05-01"}, {"", "2024-05-01 00:00:00", "2024-05-01"}, {"month", "2024年5月", "2024-05"}, {"month", "45413", "2024-05"}, {"year", "2024", "2024"},
		{"minute", "2024-05-01 9:30", "2024-05-01T01:30:00Z"}, {"minute", "45413.395833333336", "2024-05-01T01:30:00Z"}, {"second", "2024-05-01T01:30:00Z", "2024-05-01T01:30:00Z"},
		{"day", "1.5.2024", ""}, {"day", "x", ""}, {"day", "2024-13-01", ""}, {"day", "-5", ""},
	} {
		got, bad := p.date(c.precision, c.cell)
		if (bad != nil) != (c.want == "") || bad == nil && got != c.want {
			t.Errorf("%s of precision %q is %v, %v; want %q", c.cell, c.precision, got, bad, c.want)
		}
	}
	if got, bad := parseTime("0.395833333333333"); bad != nil || got != "09:30" {
		t.Errorf("a part of a day is %v, %v", got, bad)
	}
}

func TestChoicesAreKnownByTextAndValue(t *testing.T) {
	t.Parallel()
	options := []schema.Option{{Value: "a", Text: schema.Text{"zh-CN": "甲", "en": "First"}}, {Value: "b, c", Text: schema.Text{"zh-CN": "乙、丙"}}}
	for cell, want := range map[string]string{"a": "a", "甲": "a", "first": "a", "x": "x"} {
		if got := optionValue(options, cell); got != want {
			t.Errorf("%q is %q", cell, got)
		}
	}
	if got, _ := parseOptions(options, "乙、丙").([]any); len(got) != 1 || got[0] != "b, c" {
		t.Errorf("one choice with a comma is %v", got)
	}
	if got, _ := parseOptions(options, "甲，x").([]any); len(got) != 2 || got[0] != "a" {
		t.Errorf("two choices are %v", got)
	}
}

// zipped makes an archive of parts.
func zipped(t testing.TB, parts map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBombsAreRefused(t *testing.T) {
	t.Parallel()
	zeros := make([]byte, maxPart+1)
	many := map[string][]byte{}
	for i := range maxParts + 1 {
		many[string(rune('a'+i%26))+time.Duration(i).String()] = nil
	}
	for name, c := range map[string]struct {
		raw  []byte
		code string
	}{
		"a part of zeros":  {zipped(t, map[string][]byte{"xl/styles.xml": zeros}), "import.too_large"},
		"many parts":       {zipped(t, many), "import.file"},
		"no workbook":      {zipped(t, map[string][]byte{"x": nil}), "import.file"},
		"a broken archive": {[]byte("PK\x03\x04 and no more"), "import.file"},
	} {
		if _, err := readBook(c.raw); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever a file holds, it is read or refused: no panic, no other error.
func FuzzReadBook(f *testing.F) {
	book := excelize.NewFile()
	_ = book.SetCellStr("Sheet1", "A1", "名称")
	_ = book.SetCellValue("Sheet1", "A2", 1.5)
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row></sheetData></worksheet>")
	f.Add([]byte("PK"), "<worksheet><sheetData><row r=\"99999999\"><c r=\"ZZZZ1\"/></row>")
	f.Fuzz(func(t *testing.T, raw []byte, sheet string) {
		read(t, raw)
		read(t, withSheet(t, b.Bytes(), sheet))
	})
}

// withSheet replaces the sheet of a good file: most random archives fail long before one is read.
func withSheet(t *testing.T, good []byte, sheet string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, p := range z.File {
		var b bytes.Buffer
		r, err := p.Open()
		if err == nil {
			_, err = b.ReadFrom(r)
		}
		if err != nil {
			t.Fatal(err)
		}
		parts[p.Name] = b.Bytes()
	}
	parts["xl/worksheets/sheet1.xml"] = []byte(sheet)
	return zipped(t, parts)
}

func read(t *testing.T, raw []byte) {
	t.Helper()
	b, err := readBook(raw)
	if err == nil {
		var src *source
		if src, err = sourceOf(b, nil); err == nil {
			_, err = b.count(src.Main)
		}
		err = errors.Join(err, b.close())
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		t.Fatalf("an error of ours: %v", err)
	}
}
