package sqlite

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/storage"
)

// The keys of a document must be the same whether all of it was read or only
// what indexes look at: else a change would leave old entries in an index.
func TestKeysOfWhatIndexesLookAt(t *testing.T) {
	t.Parallel()
	paths := []string{"a", "a.b", "a.b.c", "l", "l.v", "l.v.w"}
	docs := []storage.Doc{
		{}, {"a": nil}, {"a": int64(1)}, {"a": map[string]any{}}, {"a": map[string]any{"b": nil, "x": "y"}},
		{"a": map[string]any{"b": map[string]any{"c": "1", "d": "2"}}}, {"a": []any{}}, {"a": []any{int64(1), nil}},
		{"a": []any{int64(1), map[string]any{"b": "2"}, map[string]any{}}},
		{"l": []any{int64(1), map[string]any{"v": int64(2)}}}, {"l": []any{map[string]any{"w": "x"}, nil, "s"}},
		{"l": []any{[]any{map[string]any{"v": "deep"}}, map[string]any{"v": []any{"p", map[string]any{"w": "q"}}}}},
		{"l": "text"}, {"l": map[string]any{"v": "one"}}, {"l": []any{map[string]any{"v": map[string]any{"w": nil}}}},
	}
	for _, path := range paths {
		cl := &coll{name: "x", table: `"c_x"`}
		for i, f := range []storage.Index{{Fields: []storage.IndexField{{Path: path, Scale: -1, List: true}}},
			{Fields: []storage.IndexField{{Path: path, Scale: -1, List: true}}, Sparse: true}} {
			cl.addIndex(f, "x"+string(rune('1'+i)), make([]mark, 1))
		}
		cl.columns = []*column{{name: "k1", path: path, scale: -1}, {name: "k2", path: path, scale: 2, present: true}}
		cl.finish()
		for _, doc := range docs { // as remember does
			for i, m := range keysOf(cl, doc).colMarks {
				cl.columns[i].marks |= m
			}
		}
		cl.finish()
		for _, doc := range docs {
			text, err := encode(doc)
			if err != nil {
				t.Fatal(err)
			}
			part, err := decode(text, cl.keyed)
			if err != nil {
				t.Fatal(err)
			}
			whole, some := keysOf(cl, doc), keysOf(cl, part)
			if diff := cmp.Diff([]any{whole.cols, whole.lists}, []any{some.cols, some.lists}); diff != "" {
				t.Errorf("%s of %s: %s", path, text, diff)
			}
		}
	}
}
