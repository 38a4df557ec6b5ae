package mongo

import (
	"context"
	"errors"
	"fmt"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/formwork-run/formwork/storage"
)

// Error codes of the server.
const (
	codeBadValue            = 2
	codeTypeMismatch        = 14
	codeNamespaceNotFound   = 26
	codeIndexNotFound       = 27
	codePathNotViable       = 28
	codeNamespaceExists     = 48
	codeIndexOptions        = 85
	codeIndexKeySpecs       = 86
	codeParallelArrays      = 171
	codeObjectTooLarge      = 10334
	codeResultTooLarge      = 17419
	codeResultTooLargeAfter = 17420
	codeUnknownZone         = 40485
)

// wrap turns an error of the driver into one of the port's.
func wrap(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, driver.ErrClientDisconnected):
		return storage.ErrClosed
	case hasCode(err, codeObjectTooLarge, codeResultTooLarge, codeResultTooLargeAfter):
		return fmt.Errorf("%w: %w", storage.ErrTooLarge, err)
	case hasCode(err, codeParallelArrays):
		return fmt.Errorf("%w: an index covers two lists: %w", storage.ErrInvalid, err)
	case hasCode(err, codeUnknownZone):
		return fmt.Errorf("%w: %w", storage.ErrInvalid, err)
	case driver.IsTimeout(err) && !errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("storage: %w: %w", context.DeadlineExceeded, err)
	}
	return fmt.Errorf("storage: %w", err)
}

func hasCode(err error, codes ...int) bool {
	var s driver.ServerError
	if !errors.As(err, &s) {
		return false
	}
	for _, c := range codes {
		if s.HasErrorCode(c) {
			return true
		}
	}
	return false
}

// unfit tells that a document's shape does not allow an update.
func unfit(err error) bool {
	return hasCode(err, codeBadValue, codeTypeMismatch, codePathNotViable)
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: %s", storage.ErrTooLarge, fmt.Sprintf(format, args...))
}
