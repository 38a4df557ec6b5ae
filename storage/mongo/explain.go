package mongo

import (
	"context"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage"
)

// Explain implements storage.Collection. Index is the name of a declaration that
// comes to the index used, "_id" for a search by id; a scan of everything in the
// order of the ids uses none.
func (c *collection) Explain(ctx context.Context, q storage.Query) (storage.Plan, error) {
	if err := c.ready(ctx); err != nil {
		return storage.Plan{}, err
	}
	limit, err := q.Check()
	if err != nil {
		return storage.Plan{}, err
	}
	where, err := c.where(ctx, q)
	if err != nil {
		return storage.Plan{}, err
	}
	find := bson.D{{Key: "find", Value: c.name}, {Key: "filter", Value: where}, {Key: "sort", Value: order(q.Sort)}, {Key: "limit", Value: int64(limit + 1)}}
	raw, err := c.t.db.RunCommand(ctx, bson.D{{Key: "explain", Value: find}, {Key: "verbosity", Value: "queryPlanner"}}).Raw()
	if err != nil {
		return storage.Plan{}, wrap(err)
	}
	return readPlan(raw), nil
}

// readPlan walks the stages of the winning plan, whatever the server's version calls their places.
func readPlan(raw bson.Raw) storage.Plan {
	var p storage.Plan
	winning, ok := raw.Lookup("queryPlanner", "winningPlan").DocumentOK()
	if !ok {
		return p
	}
	if inner, ok := winning.Lookup("queryPlan").DocumentOK(); ok {
		winning = inner // of the slot-based engine
	}
	p.Text = winning.String()
	walkPlan(winning, &p)
	return p
}

func walkPlan(stage bson.Raw, p *storage.Plan) {
	name, _ := stage.Lookup("stage").StringValueOK()
	switch {
	case name == "SORT":
		p.Sort = true
	case name == "IDHACK", name == "EXPRESS_IDHACK", name == "CLUSTERED_IDHACK":
		p.Index = storage.ID
	case strings.HasSuffix(name, "IXSCAN") && p.Index == "":
		p.Index = usedIndex(stage)
	}
	elements, _ := stage.Elements()
	for _, e := range elements {
		if inner, ok := e.Value().DocumentOK(); ok && e.Key() != "indexBounds" {
			walkPlan(inner, p)
		}
		if e.Key() == "inputStages" {
			walkStages(e.Value(), p)
		}
	}
}

func walkStages(v bson.RawValue, p *storage.Plan) {
	list, ok := v.ArrayOK()
	if !ok {
		return
	}
	values, _ := list.Values()
	for _, x := range values {
		if inner, ok := x.DocumentOK(); ok {
			walkPlan(inner, p)
		}
	}
}

func usedIndex(stage bson.Raw) string {
	name, _ := stage.Lookup("indexName").StringValueOK()
	if name == "_id_" {
		bounds, _ := stage.Lookup("indexBounds", storage.ID, "0").StringValueOK()
		if strings.Contains(bounds, "MinKey, MaxKey") {
			return ""
		}
		return storage.ID
	}
	return strings.TrimPrefix(name, indexNamePrefix)
}
