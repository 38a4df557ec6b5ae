package storage

import (
	"errors"
	"fmt"
)

// Errors every store returns; test with errors.Is.
var (
	ErrNotFound = errors.New("storage: not found")
	ErrConflict = errors.New("storage: conflict")
	ErrInvalid  = errors.New("storage: invalid argument")
	ErrTooLarge = errors.New("storage: too large")
	ErrClosed   = errors.New("storage: closed")
	// ErrDuplicate is matched by every *DuplicateError.
	ErrDuplicate = errors.New("storage: duplicate")
)

// DuplicateError names the unique index and the documents in the way.
type DuplicateError struct {
	Index  Index    // zero for the id itself
	ID     string   // the document refused
	Others []string // ids that stand in its way, as far as known (at most 20)
}

// Error implements error.
func (e *DuplicateError) Error() string {
	return fmt.Sprintf("storage: duplicate: %q on index %v, taken by %v", e.ID, e.Index.Fields, e.Others)
}

// Is makes errors.Is(err, ErrDuplicate) hold.
func (e *DuplicateError) Is(target error) bool { return target == ErrDuplicate }
