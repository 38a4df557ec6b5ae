package mongo

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

func sorts(paths ...string) []filter.Sort {
	var by []filter.Sort
	for _, p := range paths {
		by = append(by, filter.Sort{Path: p})
	}
	return by
}

func asc(path string) storage.IndexField { return storage.IndexField{Path: path, Scale: -1} }

// An index tells its declaration by its name, for a process that did not declare it.
func TestAnIndexIsRecognisedByItsName(t *testing.T) {
	t.Parallel()
	for _, ix := range []storage.Index{
		{Fields: []storage.IndexField{asc("state"), {Path: "at", Scale: -1, Desc: true}}},
		{Fields: []storage.IndexField{{Path: "lines.sku", Scale: -1, List: true}, {Path: "n", Scale: 2, Desc: true}}},
		{Fields: []storage.IndexField{asc("uniq.code"), asc("uniq.kind")}, Unique: true, IfPresent: true},
		{Fields: []storage.IndexField{asc("until")}, Expire: true},
		{Fields: []storage.IndexField{asc("due")}, Sparse: true},
	} {
		got, ok := parseName(indexNamePrefix + ix.Name())
		if diff := cmp.Diff(ix, got); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", ix.Name(), ok, diff)
		}
	}
	for _, foreign := range []string{"_id_", "state_1", "fw:a(other)", ""} {
		if ix, ok := parseName(foreign); ok {
			t.Errorf("%q is taken for %v", foreign, ix)
		}
	}
}

func TestDeclarationsThatMongoCannotTellApartAreOneIndex(t *testing.T) {
	t.Parallel()
	plain, scaled := storage.Index{Fields: []storage.IndexField{asc("n")}}, storage.Index{Fields: []storage.IndexField{{Path: "n", Scale: 2}}}
	unique := storage.Index{Fields: []storage.IndexField{asc("n")}, Unique: true}
	list := specs([]storage.Index{plain, scaled, unique})
	if len(list) != 2 || !cmp.Equal(list[0].keys, []string{"n", "_id"}) || !cmp.Equal(list[1].keys, []string{"n"}) {
		t.Fatalf("%+v", list)
	}
	missing, extra := compare(specs([]storage.Index{scaled}), list)
	if len(missing) != 0 || len(extra) != 1 || !extra[0].unique {
		t.Errorf("missing %+v, extra %+v", missing, extra)
	}
	if err := checkIndexes([]storage.Index{{Fields: []storage.IndexField{asc("a,b")}}}); !errors.Is(err, storage.ErrInvalid) {
		t.Errorf("a path that a name cannot hold: %v", err)
	}
}

func TestPlansAreRead(t *testing.T) {
	t.Parallel()
	scan := func(index, bound string) bson.D {
		return bson.D{{Key: "stage", Value: "IXSCAN"}, {Key: "indexName", Value: index}, {Key: "indexBounds", Value: bson.D{{Key: "_id", Value: bson.A{bound}}}}}
	}
	stage := func(name string, inner bson.D) bson.D {
		return bson.D{{Key: "stage", Value: name}, {Key: "inputStage", Value: inner}}
	}
	for _, c := range []struct {
		plan  bson.D
		index string
		sort  bool
	}{
		{bson.D{{Key: "stage", Value: "COLLSCAN"}}, "", false},
		{stage("LIMIT", stage("FETCH", scan("fw:state,-at", "[\"x\", \"x\"]"))), "state,-at", false},
		{stage("SORT", stage("FETCH", scan("fw:v", "[\"x\", \"x\"]"))), "v", true},
		{stage("FETCH", scan("_id_", "[MinKey, MaxKey]")), "", false},
		{stage("FETCH", scan("_id_", "[\"a\", \"a\"]")), "_id", false},
		{bson.D{{Key: "stage", Value: "IDHACK"}}, "_id", false},
		{bson.D{{Key: "queryPlan", Value: stage("FETCH", scan("fw:v", ""))}}, "v", false},
		{bson.D{{Key: "stage", Value: "SORT_MERGE"}, {Key: "inputStages", Value: bson.A{scan("fw:a", ""), scan("fw:b", "")}}}, "a", false},
	} {
		raw, err := bson.Marshal(bson.D{{Key: "queryPlanner", Value: bson.D{{Key: "winningPlan", Value: c.plan}}}})
		if err != nil {
			t.Fatal(err)
		}
		if p := readPlan(raw); p.Index != c.index || p.Sort != c.sort || p.Text == "" {
			t.Errorf("%v is read as %+v", c.plan, p)
		}
	}
}

func TestProjections(t *testing.T) {
	t.Parallel()
	q := storage.Query{Fields: []string{"y.q", "l", "l.p"}, Sort: sorts("y.q", "v", "_id")}
	p := projectionOf(q)
	if got := text(t, p.paths); got != `{"_id":1,"_rev":1,"y.q":1,"l":1,"v":1}` {
		t.Errorf("the server is asked for %s", got)
	}
	doc := storage.Doc{"_id": "a", "_rev": int64(1), "y": map[string]any{"q": "1"}, "l": []any{"x"}, "v": "sort key"}
	want := storage.Doc{"_id": "a", "_rev": int64(1), "y": map[string]any{"q": "1"}, "l": []any{"x"}}
	if diff := cmp.Diff(want, p.trim(doc)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	deep := only(map[string]any{"l": []any{map[string]any{"p": "1", "q": "2"}, "plain"}, "s": "x", "m": map[string]any{"k": "v"}}, []string{"l.p", "s.t", "m.none"})
	if diff := cmp.Diff(map[string]any{"l": []any{map[string]any{"p": "1"}}, "m": map[string]any{}}, deep); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
