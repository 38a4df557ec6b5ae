package transfer

import (
	"bytes"
	"errors"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/runtime/tenant"
	"github.com/formwork-run/formwork/schema"
)

// templateRows are how many rows of a template offer drop-downs and formats.
const templateRows = 5000

// Template makes the file that an import of a form takes: a sheet for the record
// and one for each subtable with what the actor may fill, required ones marked,
// drop-downs for choices, notes for formats; and a sheet of examples, which no import reads.
func (s *Service) Template(a *tenant.Actor, ref string) (name string, content []byte, err error) {
	form, err := s.mayImport(a, ref)
	if err != nil {
		return "", nil, err
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // it has no temporary files
	t := &templater{file: f, cells: newCells(f, a.Lang, s.t.Settings().Zone), lang: a.Lang, taken: map[string]bool{}}
	title := form.Def.Title.In(a.Lang)
	if err := t.build(title, targets(a, form)); err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return "", nil, err
	}
	return fileName(title + "-" + word(a.Lang, "template") + ".xlsx"), b.Bytes(), nil
}

// templater writes one template.
type templater struct {
	file    *excelize.File
	cells   *cells
	lang    string
	taken   map[string]bool
	choices int // columns of the sheet of choices
	example int // rows of the sheet of examples
	sheets  []string
}

// Names of the sheets that no import reads.
const choicesSheet = "_options"

func (t *templater) build(title string, all []target) error {
	t.taken[choicesSheet] = true
	main, tables := parted(all)
	t.sheets = []string{sheetName(title, t.taken)}
	failed := []error{t.file.SetSheetName(t.file.GetSheetName(0), t.sheets[0]), t.sheet(t.sheets[0], main, nil)}
	for _, cols := range tables {
		name := sheetName(titleOf(cols[0].table, t.lang), t.taken)
		t.sheets = append(t.sheets, name)
		_, err := t.file.NewSheet(name)
		failed = append(failed, err, t.sheet(name, cols, cols[0].table))
	}
	failed = append(failed, t.examples(main, tables), t.cells.failed)
	if t.choices > 0 {
		failed = append(failed, t.file.SetSheetVisible(choicesSheet, false))
	}
	return errors.Join(failed...)
}

// parted parts the targets of the record from those of its subtables.
func parted(all []target) (main []target, tables [][]target) {
	for _, x := range all {
		switch n := len(tables); {
		case x.table == nil:
			main = append(main, x)
		case n > 0 && tables[n-1][0].table == x.table:
			tables[n-1] = append(tables[n-1], x)
		default:
			tables = append(tables, []target{x})
		}
	}
	return main, tables
}

// sheet writes the headings of a sheet; that of a subtable begins with the row of its record.
func (t *templater) sheet(name string, cols []target, table *schema.Field) error {
	at, failed := 1, []error{}
	if table != nil {
		failed = append(failed, t.heading(name, 1, word(t.lang, "row"), word(t.lang, "note.row"), true))
		at = 2
	}
	for i, h := range headings(cols, t.lang) {
		f := cols[i].field
		if f.Required {
			h += " *"
		}
		failed = append(failed, t.heading(name, at+i, h, noteOf(f, t.lang), f.Required), t.format(name, at+i, f))
	}
	failed = append(failed, t.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	return errors.Join(failed...)
}

func (t *templater) heading(sheet string, col int, title, note string, required bool) error {
	at, err := excelize.CoordinatesToCellName(col, 1)
	if err != nil {
		return err
	}
	letter, err := excelize.ColumnNumberToName(col)
	if err != nil {
		return err
	}
	failed := []error{t.file.SetCellStr(sheet, at, title), t.file.SetCellStyle(sheet, at, at, t.cells.header(required)), t.file.SetColWidth(sheet, letter, letter, 18)}
	if note != "" {
		failed = append(failed, t.file.AddComment(sheet, excelize.Comment{Cell: at, Author: "Formwork",
			Paragraph: []excelize.RichTextRun{{Text: note}}, Width: 260, Height: 120}))
	}
	return errors.Join(failed...)
}

// format gives a column the format of its values, and its drop-down.
func (t *templater) format(sheet string, col int, f *schema.Field) error {
	letter, err := excelize.ColumnNumberToName(col)
	if err != nil {
		return err
	}
	from, _ := excelize.JoinCellName(letter, 2)
	to, _ := excelize.JoinCellName(letter, templateRows)
	if err := t.file.SetCellStyle(sheet, from, from, t.cells.style(typedFormat(f))); err != nil {
		return err
	}
	if err := t.file.SetColStyle(sheet, letter, t.cells.style(typedFormat(f))); err != nil {
		return err
	}
	head, _ := excelize.JoinCellName(letter, 1)
	if err := t.file.SetCellStyle(sheet, head, head, t.cells.header(f.Required)); err != nil {
		return err
	}
	choices := optionTexts(f, t.lang)
	switch f.Type {
	case schema.TypeSwitch:
		choices = []string{word(t.lang, "yes"), word(t.lang, "no")}
	case schema.TypeRadio, schema.TypeSelect:
	default:
		return nil // several may be chosen, which a drop-down cannot say
	}
	if len(choices) == 0 {
		return nil
	}
	return t.dropDown(sheet, from+":"+to, choices)
}

// dropDown offers choices, which stand in a hidden sheet: a list in the cell's
// own rule is bounded to 255 characters.
func (t *templater) dropDown(sheet, cells string, choices []string) error {
	if t.choices == 0 {
		if _, err := t.file.NewSheet(choicesSheet); err != nil {
			return err
		}
	}
	t.choices++
	letter, err := excelize.ColumnNumberToName(t.choices)
	if err != nil {
		return err
	}
	for i, c := range choices {
		at, _ := excelize.JoinCellName(letter, i+1)
		if err := t.file.SetCellStr(choicesSheet, at, c); err != nil {
			return err
		}
	}
	last, _ := excelize.CoordinatesToCellName(t.choices, len(choices), true)
	first, _ := excelize.CoordinatesToCellName(t.choices, 1, true)
	v := excelize.NewDataValidation(true)
	v.Sqref = cells
	v.SetSqrefDropList(choicesSheet + "!" + first + ":" + last)
	return t.file.AddDataValidation(sheet, v)
}

// typedFormat is the format of cells that people type in: text stays text, with
// its leading zeros.
func typedFormat(f *schema.Field) string {
	switch f.Type {
	case schema.TypeNumber, schema.TypeMoney, schema.TypePercent, schema.TypeRating, schema.TypeSlider:
		return numberFormat(f)
	case schema.TypeDate:
		if form, ok := dateForms[f.Precision]; ok {
			return form[1]
		}
	}
	return "@"
}

// examples writes the sheet that shows a filled row of each sheet.
func (t *templater) examples(main []target, tables [][]target) error {
	name := sheetName(word(t.lang, "example"), t.taken)
	if _, err := t.file.NewSheet(name); err != nil {
		return err
	}
	failed := []error{t.rows(name, t.sheets[0], main, nil)}
	for i, cols := range tables {
		failed = append(failed, t.rows(name, t.sheets[i+1], cols, []string{word(t.lang, "row")}))
	}
	return errors.Join(failed...)
}

func (t *templater) rows(sheet, of string, cols []target, lead []string) error {
	heads, values := append([]string{of}, lead...), []string{""}
	if lead != nil {
		values = append(values, "2")
	}
	for i, h := range headings(cols, t.lang) {
		heads, values = append(heads, h), append(values, exampleOf(cols[i].field, t.lang))
	}
	for _, row := range [][]string{heads, values, nil} {
		t.example++
		for i, v := range row {
			at, err := excelize.CoordinatesToCellName(i+1, t.example)
			if err != nil {
				return err
			}
			if err := t.file.SetCellStr(sheet, at, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// exampleOf is a value that a field could have.
func exampleOf(f *schema.Field, lang string) string {
	if texts := optionTexts(f, lang); len(texts) > 0 {
		return texts[0]
	}
	switch f.Type {
	case schema.TypeNumber, schema.TypeMoney:
		return "1,234.50"
	case schema.TypeRating, schema.TypeSlider:
		return "3"
	case schema.TypePercent:
		return "12%"
	case schema.TypeSwitch:
		return word(lang, "yes")
	case schema.TypeDate:
		return map[string]string{"year": "2026", "month": "2026-11", "date": "2026-11-22", "instant": "2026-11-22 09:30"}[precisionNote(f.Precision)]
	case schema.TypeDateRange:
		return "2026-11-01 ~ 2026-11-30"
	case schema.TypeTime:
		return "09:30"
	case schema.TypePhone:
		return "13800001234"
	case schema.TypeEmail:
		return "name@example.com"
	case schema.TypeURL:
		return "https://example.com"
	}
	return ""
}
