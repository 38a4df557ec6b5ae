package schema

import "github.com/formwork-run/formwork/schema/internal/ordjson"

// moneyField is an amount in a currency; without a scale it has two places.
type moneyField struct{ numberKind }

func (moneyField) Info() Info { return numberInfo(TypeMoney) }

func (moneyField) settings() settings {
	return numberKind{}.settings().with(settings{"currency": func(p problems, f *Field, v ordjson.Value) {
		f.Currency = readString(p, v)
		if len(f.Currency) != 3 || f.Currency[0] < 'A' || f.Currency[0] > 'Z' {
			p.add("format", "expected a currency code such as CNY")
		}
	}})
}

func (moneyField) finish(p problems, f *Field) {
	if f.Scale < 0 {
		f.Scale = 2
	}
	checkBounds(p, f)
}
