package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/formwork-run/formwork/storage"
)

// Aggregate implements storage.Collection. MongoDB groups and measures; calendar
// grains are finished here, from its groups by day (or hour), by the same
// storage.Grain that every store uses. Each count of distinct values is a
// pipeline of its own, whose pairs of key and value are counted here.
func (c *collection) Aggregate(ctx context.Context, g storage.Group) ([]storage.Row, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	limit, err := g.Check()
	if err != nil {
		return nil, err
	}
	where, err := c.visible(ctx, g.Where)
	if err != nil {
		return nil, err
	}
	groups := newGroups(g, limit)
	stages := bson.A{bson.D{{Key: "$match", Value: where}}, bson.D{{Key: "$group", Value: groupStage(g)}}}
	if err := c.pipeline(ctx, stages, groups.take); err != nil {
		return nil, err
	}
	for i, m := range g.Measures {
		if m.Fn != "countDistinct" {
			continue
		}
		stages := bson.A{bson.D{{Key: "$match", Value: where}}, bson.D{{Key: "$group", Value: distinctStage(g, m)}}}
		err := c.pipeline(ctx, stages, func(row map[string]any) error { return groups.takeDistinct(i, row) })
		if err != nil {
			return nil, err
		}
	}
	return groups.rows(), nil
}

func (c *collection) pipeline(ctx context.Context, stages bson.A, f func(map[string]any) error) error {
	cur, err := c.docs.Aggregate(ctx, stages, options.Aggregate().SetAllowDiskUse(true))
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // cur.Err tells what went wrong
	for cur.Next(ctx) {
		row, err := decodeDoc(cur.Current, "")
		if err == nil {
			err = f(row)
		}
		if err != nil {
			return err
		}
	}
	return wrap(cur.Err())
}

// errList is a grouping key that meets a list.
var errList = errors.New("meets a list")

// key finishes a grouping key that MongoDB has computed.
func key(k storage.GroupKey, v any) (any, error) {
	if _, isList := v.([]any); isList {
		return nil, errList
	}
	if k.Grain == "" {
		return v, nil
	}
	if text, ok := v.(string); ok && k.Grain == "hour" {
		return text, nil // made from a time: date texts have no hours
	}
	return storage.Grain(v, k.Grain, time.UTC), nil
}
