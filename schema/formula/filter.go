package formula

import "github.com/formwork-run/formwork/storage/filter"

func (p *Program) Filter(o FilterOptions) (filter.Expr, error) { return nil, nil }
