package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"github.com/formwork-run/formwork/storage"
)

// pathError puts the place before an error while it travels out of a document.
type pathError struct {
	path string
	err  error
}

func (e *pathError) Error() string { return e.path + ": " + e.err.Error() }
func (e *pathError) Unwrap() error { return e.err }

func within(seg string, err error) error {
	var p *pathError
	if errors.As(err, &p) {
		return &pathError{"/" + seg + p.path, p.err}
	}
	return &pathError{"/" + seg, err}
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: %s", storage.ErrTooLarge, fmt.Sprintf(format, args...))
}

// Primary result codes of SQLite.
const (
	codeBusy       = 5
	codeLocked     = 6
	codeNoMem      = 7
	codeReadOnly   = 8
	codeInterrupt  = 9
	codeIOErr      = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeCantOpen   = 14
	codeConstraint = 19
	codeNotADB     = 26
)

func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// fatal tells that the transaction as a whole is lost, not only the statement.
func fatal(err error) bool {
	switch code(err) {
	case codeBusy, codeLocked, codeNoMem, codeReadOnly, codeInterrupt, codeIOErr, codeCorrupt, codeFull, codeCantOpen, codeNotADB:
		return true
	}
	return false
}

// primaryKey tells that the _id is taken (SQLITE_CONSTRAINT_PRIMARYKEY).
func primaryKey(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == 1555
}
