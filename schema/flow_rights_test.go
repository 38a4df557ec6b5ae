package schema_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/formwork-run/formwork/schema"
)

func TestNodeFieldsAccess(t *testing.T) {
	t.Parallel()
	const hidden, read, edit = schema.FieldHidden, schema.FieldRead, schema.FieldEdit
	all := []string{"all"}
	tests := []struct {
		n    schema.NodeFields
		name string
		want schema.FieldAccess
	}{
		{schema.NodeFields{}, "a", read},
		{schema.NodeFields{Edit: all}, "a", edit},
		{schema.NodeFields{Edit: all}, "t.c", edit},
		{schema.NodeFields{Edit: all, Hide: []string{"a"}}, "a", hidden},
		{schema.NodeFields{Edit: all, Read: []string{"a"}}, "a", read},
		{schema.NodeFields{Hide: all, Edit: []string{"a"}}, "a", edit},
		{schema.NodeFields{Hide: all, Edit: []string{"a"}}, "b", hidden},
		{schema.NodeFields{Hide: all, Read: []string{"t"}}, "t.c", read},
		{schema.NodeFields{Edit: []string{"t"}, Hide: []string{"t.c"}}, "t.c", hidden},
		{schema.NodeFields{Edit: []string{"t"}, Hide: []string{"t.c"}}, "t.d", edit},
		{schema.NodeFields{Edit: []string{"t.c"}, Hide: []string{"t"}}, "t.c", edit},
		{schema.NodeFields{Edit: all, Hide: all}, "a", hidden},
		{schema.NodeFields{Edit: []string{"tt"}}, "t", read},
	}
	for _, tt := range tests {
		if got := tt.n.Access(tt.name); got != tt.want {
			t.Errorf("%+v of %s: %d, want %d", tt.n, tt.name, got, tt.want)
		}
	}
}

// TestNodeFieldsUnion: for every name, the union gives what the better of the two gives.
func TestNodeFieldsUnion(t *testing.T) {
	t.Parallel()
	pool := []string{"all", "a", "b", "t", "t.c", "t.d"}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 0, 4, rapid.ID)
		draw := func(side string) schema.NodeFields {
			return schema.NodeFields{Edit: list.Draw(t, side+" edit"), Read: list.Draw(t, side+" read"), Hide: list.Draw(t, side+" hide")}
		}
		n, o := draw("one"), draw("other")
		u, ro := n.Union(o), n.ReadOnly()
		for _, name := range append(pool[1:], "z", "t.z", "z.z") {
			if got, want := u.Access(name), max(n.Access(name), o.Access(name)); got != want {
				t.Fatalf("%s: %d, want %d: %+v", name, got, want, u)
			}
			if got, want := ro.Access(name), min(n.Access(name), schema.FieldRead); got != want {
				t.Fatalf("read only %s: %d, want %d", name, got, want)
			}
		}
	})
}
