package storage

import (
	"fmt"
	"time"
)

// Grain returns the key of a value at a calendar grain, as GroupKey describes.
// Times are taken in zone; a date text ("2026", "2026-01", "2026-01-31") is what
// it says, and has only the grains it is precise enough for.
func Grain(v any, grain string, zone *time.Location) any {
	switch x := v.(type) {
	case time.Time:
		return grainOf(x.In(zone), grain)
	case string:
		return grainOfDate(x, grain)
	}
	return nil
}

func grainOfDate(s, grain string) any {
	layout := "2006-01-02"
	if len(s) < len("2006") || len(s) > len(layout) {
		return nil
	}
	t, err := time.Parse(layout[:len(s)], s)
	if err != nil {
		return nil
	}
	switch {
	case grain == "hour",
		len(s) < len(layout) && (grain == "day" || grain == "week"),
		len(s) < len("2006-01") && grain != "year":
		return nil
	}
	return grainOf(t, grain)
}

func grainOf(t time.Time, grain string) any {
	switch grain {
	case "year":
		return t.Format("2006")
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", t.Year(), (int(t.Month())+2)/3)
	case "month":
		return t.Format("2006-01")
	case "week":
		year, week := t.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	case "day":
		return t.Format("2006-01-02")
	case "hour":
		return t.Format("2006-01-02T15")
	}
	return nil
}
