package tenant

import "github.com/formwork-run/formwork/internal/fault"

// NoForm is the answer about a form that there is not, and about one on which the
// caller has no right at all: he must not learn which it is.
func NoForm(ref string) error {
	return fault.Newf(fault.NotFound, "form.unknown", "there is no form %s", ref).With("form", ref)
}
