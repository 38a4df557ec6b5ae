package transfer

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/tenant"
)

// Limits of a file that is read.
const (
	MaxFile     = 20 << 20  // as uploaded
	maxUnzipped = 300 << 20 // of all parts together
	maxPart     = 32 << 20  // of a part that is read into memory
	maxParts    = 2000
	maxInMemory = 8 << 20 // of a sheet; larger ones are read from a temporary file
	maxHeader   = 200     // characters of a heading
)

// book is a spreadsheet being read. Nothing in it is trusted.
type book struct {
	file     *excelize.File
	date1904 bool
}

func badFile(why string) *fault.Error {
	return fault.New(fault.Invalid, "import.file", why).At(fault.Field{Path: "/file", Code: "format", Message: why})
}

// openBook reads an uploaded file of the actor's.
func (s *Service) openBook(ctx context.Context, a *tenant.Actor, id string) (*book, error) {
	f, r, err := s.files.Open(ctx, a, id, 0, -1)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // only read from
	if f.Size > MaxFile {
		return nil, fault.New(fault.TooLarge, "import.too_large", "the file is too large").With("max", MaxFile)
	}
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	return readBook(raw)
}

// readBook opens a spreadsheet of bounded size. What is no spreadsheet is import.file.
func readBook(raw []byte) (b *book, err error) {
	if err := checkZip(raw); err != nil {
		return nil, err
	}
	defer broken(&err)
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, badFile("this is no Excel file (.xlsx)")
	}
	b = &book{file: f}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		b.date1904 = *p.Date1904
	}
	return b, nil
}

// broken makes a refusal of what the library panics at: a file can hold anything.
func broken(err *error) {
	if p := recover(); p != nil {
		*err = badFile("the Excel file is damaged").Because(fmt.Errorf("excelize: %v", p))
	}
}

// checkZip looks at what the parts say they unpack to before any is unpacked; the
// unpacking itself fails where a part has said too little.
func checkZip(raw []byte) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return badFile("this is no Excel file (.xlsx)")
	}
	if len(z.File) > maxParts {
		return badFile("the Excel file has too many parts")
	}
	var sum uint64
	for _, p := range z.File {
		streamed := strings.HasPrefix(p.Name, "xl/worksheets/") || p.Name == "xl/sharedStrings.xml"
		sum += min(p.UncompressedSize64, maxUnzipped+1)
		if sum > maxUnzipped || !streamed && p.UncompressedSize64 > maxPart {
			return fault.New(fault.TooLarge, "import.too_large", "the Excel file unpacks to too much").With("max", maxUnzipped)
		}
	}
	return nil
}

func (b *book) close() error { return b.file.Close() }

// sheets are the names of the sheets that hold rows, but for the hidden choices.
func (b *book) sheets() []string {
	var out []string
	for _, name := range b.file.GetSheetList() {
		if name != choicesSheet {
			out = append(out, name)
		}
	}
	return out
}

// errEnough ends a walk.
var errEnough = errors.New("enough")

// each walks over the rows of a sheet that hold something, from the first: n is
// the row as Excel numbers it, cells are as stored, not as shown.
func (b *book) each(sheet string, fn func(n int, row []string) error) (err error) {
	defer broken(&err)
	rows, err := b.file.Rows(sheet)
	if err != nil {
		return badFile("the sheet " + sheet + " cannot be read")
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for n := 1; rows.Next(); n++ {
		row, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return badFile(fmt.Sprintf("row %d of the sheet %s cannot be read", n, sheet))
		}
		if blankRow(row) {
			continue
		}
		if err := fn(n, row); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return badFile("the sheet " + sheet + " cannot be read to its end")
	}
	return nil
}

func blankRow(row []string) bool {
	for _, c := range row {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// headings are the first row of a sheet.
func (b *book) headings(sheet string) (out []string, err error) {
	err = b.each(sheet, func(n int, row []string) error {
		if n == 1 {
			out = row
		}
		return errEnough
	})
	if len(out) > MaxColumns {
		return nil, fault.Newf(fault.Invalid, "import.columns", "at most %d columns", MaxColumns).With("max", MaxColumns)
	}
	for i, h := range out {
		if r := []rune(strings.TrimSpace(h)); len(r) > maxHeader {
			out[i] = string(r[:maxHeader])
		}
	}
	return out, err
}

// count counts the rows of a sheet below its headings.
func (b *book) count(sheet string) (int, error) {
	n := 0
	err := b.each(sheet, func(row int, _ []string) error {
		if row > 1 {
			n++
		}
		if n > MaxRows {
			return fault.Newf(fault.Invalid, "import.too_many", "at most %d rows", MaxRows).With("max", MaxRows)
		}
		return nil
	})
	return n, err
}
