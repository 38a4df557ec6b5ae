package mongo

import (
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/formwork-run/formwork/storage"
)

// call is an expression of one operator.
func call(operator string, args ...any) bson.D {
	if len(args) == 1 {
		return bson.D{{Key: operator, Value: args[0]}}
	}
	return bson.D{{Key: operator, Value: bson.A(args)}}
}

// field is the expression of the value at a path; unlike filters, expressions do
// not take a numeric segment for a position in a list.
func field(path string) any {
	plain := true
	for seg := range strings.SplitSeq(path, ".") {
		plain = plain && !isPosition(seg)
	}
	if plain {
		return "$" + path
	}
	at := any("$$ROOT")
	for seg := range strings.SplitSeq(path, ".") {
		member := call("$getField", bson.D{{Key: "field", Value: call("$literal", seg)}, {Key: "input", Value: at}})
		if n, err := strconv.Atoi(seg); err == nil && n >= 0 {
			at = call("$cond", call("$isArray", bson.A{at}), call("$arrayElemAt", at, int64(n)), member)
		} else {
			at = member
		}
	}
	return at
}

func isPosition(seg string) bool { return seg[0] >= '0' && seg[0] <= '9' }

// groupStage groups by all keys ("k0", …) and takes the measures ("m0", …) but the distinct ones.
func groupStage(g storage.Group) bson.D {
	out := bson.D{{Key: storage.ID, Value: groupKeys(g)}}
	for i, m := range g.Measures {
		n := strconv.Itoa(i)
		switch m.Fn {
		case "count":
			out = append(out, bson.E{Key: "m" + n, Value: call("$sum", presence(m.Path))})
		case "min", "max":
			out = append(out, bson.E{Key: "m" + n, Value: call("$"+m.Fn, field(m.Path))})
		case "sum":
			out = append(out, sum("m"+n, m.Path), decimals("d"+n, m.Path))
		}
	}
	return out
}

// distinctStage groups by all keys and by the value counted, "v".
func distinctStage(g storage.Group, m storage.Measure) bson.D {
	keys := append(groupKeys(g), bson.E{Key: "v", Value: orNull(field(m.Path))})
	return bson.D{{Key: storage.ID, Value: keys}}
}

func groupKeys(g storage.Group) bson.D {
	keys := bson.D{}
	for i, k := range g.By {
		v := orNull(field(k.Path))
		if k.Grain != "" {
			v = grained(k)
		}
		keys = append(keys, bson.E{Key: "k" + strconv.Itoa(i), Value: v})
	}
	return keys
}

// orNull makes one group of missing and null.
func orNull(v any) bson.D { return call("$ifNull", v, nil) }

// grained turns times into the text of their day (or hour) in the zone and leaves
// date texts as they are; lists come through to be refused.
func grained(k storage.GroupKey) bson.D {
	v := field(k.Path)
	zone, format := k.Zone, "%Y-%m-%d"
	if zone == "" {
		zone = "UTC"
	}
	kept := bson.A{"string", "array"}
	if k.Grain == "hour" {
		format, kept = "%Y-%m-%dT%H", bson.A{"array"}
	}
	text := call("$dateToString", bson.D{{Key: "date", Value: v}, {Key: "format", Value: format}, {Key: "timezone", Value: zone}})
	kind := call("$type", v)
	return call("$cond", call("$eq", kind, "date"), text, call("$cond", call("$in", kind, kept), v, nil))
}

// presence is 1 for a value that is neither missing nor null: both sort before all others.
func presence(path string) any {
	if path == "" {
		return int64(1)
	}
	return call("$cond", call("$gt", field(path), nil), int64(1), int64(0))
}

// sum adds all numbers as decimals: a sum of integers alone would turn to a float beyond int64.
func sum(as, path string) bson.E {
	v := field(path)
	return bson.E{Key: as, Value: call("$sum", call("$cond", call("$isNumber", v), call("$toDecimal", v), nil))}
}

// decimals tells whether a decimal was among the numbers added.
func decimals(as, path string) bson.E {
	return bson.E{Key: as, Value: call("$max", call("$eq", call("$type", field(path)), "decimal"))}
}
