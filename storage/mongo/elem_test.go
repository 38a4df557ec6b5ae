package mongo

import (
	"math/rand/v2"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage/filter"
)

// Conditions on list elements themselves are multiplied out; whatever they were,
// they must hold for the same lists. The operators are evaluated here as MongoDB
// does on one element: without entering it, several of one name all counting.
func TestElementConditionsHoldForTheSameLists(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	values := []any{nil, true, "", "a", "ab", "b", int64(1), int64(2), dec("1.5"), []any{"a"}}
	pick := func() any { return values[r.IntN(len(values))] }
	matched := 0
	for range 20_000 {
		e := filter.ElemMatch{Path: "l", X: randomElem(r, 3, pick)}
		if filter.Valid(e) != nil {
			continue
		}
		d, err := renderElem(e)
		if err != nil {
			t.Fatal(err)
		}
		list := []any{}
		for range r.IntN(3) {
			list = append(list, pick())
		}
		want := filter.Match(e, map[string]any{"l": list})
		if got := evaluate(d, list); got != want {
			t.Fatalf("%#v\nrendered %v\non %v is %v, want %v", e, d, list, got, want)
		}
		if want {
			matched++
		}
	}
	if matched < 1000 {
		t.Errorf("only %d matches: the test says too little", matched)
	}
}

func randomElem(r *rand.Rand, depth int, pick func() any) filter.Expr {
	if depth == 0 || r.IntN(3) == 0 {
		ops := []filter.Op{filter.Eq, filter.Ne, filter.Lt, filter.Ge, filter.In, filter.All, filter.Contains, filter.Suffix, filter.Exists}
		o, v := ops[r.IntN(len(ops))], pick()
		switch o {
		case filter.In, filter.All:
			v = []any{v, pick()}[:1+r.IntN(2)]
		case filter.Exists:
			v = r.IntN(2) == 0
		}
		return is("", o, v)
	}
	switch r.IntN(3) {
	case 0:
		return filter.Not{X: randomElem(r, depth-1, pick)}
	case 1:
		return filter.Or{randomElem(r, depth-1, pick), randomElem(r, depth-1, pick)}
	}
	return filter.And{randomElem(r, depth-1, pick), randomElem(r, depth-1, pick)}
}

// evaluate runs what renderElem makes on the list at "l".
func evaluate(d bson.D, list []any) bool {
	switch d[0].Key {
	case "$or":
		for _, x := range d[0].Value.(bson.A) {
			if evaluate(x.(bson.D), list) {
				return true
			}
		}
		return false
	case "_id": // never()
		return false
	}
	conjunction := d[0].Value.(bson.D)[0].Value.(bson.D)
	for _, v := range list {
		if holds(conjunction, v) {
			return true
		}
	}
	return false
}

func holds(conjunction bson.D, v any) bool {
	for _, e := range conjunction {
		if !holdsOne(e.Key, e.Value, v) {
			return false
		}
	}
	return true
}

func holdsOne(operator string, operand, v any) bool {
	c, sameType := 0, false
	if operator != "$not" && operator != "$in" {
		x := plain(operand)
		c = filter.Compare(v, x)
		sameType = filter.Match(filter.Or{is("v", filter.Le, x), is("v", filter.Gt, x)}, map[string]any{"v": []any{v}})
	}
	switch operator {
	case "$not":
		return !holds(operand.(bson.D), v)
	case "$exists":
		return operand == any(true)
	case "$eq":
		return c == 0
	case "$ne":
		return c != 0
	case "$lt":
		return sameType && c < 0
	case "$gte":
		return sameType && c >= 0
	case "$in":
		return within(operand.(bson.A), v)
	}
	panic(operator)
}

func within(list bson.A, v any) bool {
	for _, x := range list {
		if re, ok := x.(bson.Regex); ok {
			s, isText := v.(string)
			part, suffix := strings.CutSuffix(re.Pattern, `\z`)
			if isText && (suffix && strings.HasSuffix(s, part) || !suffix && strings.Contains(s, part)) {
				return true
			}
			continue
		}
		if filter.Equal(plain(x), v) {
			return true
		}
	}
	return false
}

// plain is the storage value of an operand.
func plain(b any) any {
	raw, err := bson.Marshal(bson.D{{Key: "v", Value: b}})
	if err != nil {
		panic(err)
	}
	doc, err := decode(raw)
	if err != nil {
		panic(err)
	}
	return doc["v"]
}
