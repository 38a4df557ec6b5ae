package phrase_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/phrase"
)

func TestPhrases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := phrase.New(kit.Empty(t).Services.Tenant)
	if l, err := s.Own(ctx, "ann"); err != nil || l == nil || len(l) != 0 {
		t.Errorf("at first: %v %v", l, err)
	}
	if l, err := s.Common(ctx, "en"); err != nil || len(l) == 0 || l[0] != "Agreed" {
		t.Errorf("common ones at first: %v %v", l, err)
	}
	for range 2 { // a new one, and over what is there
		if _, err := s.SetOwn(ctx, "ann", []string{" 同意付款 ", "已核对", "同意付款"}); err != nil {
			t.Fatal(err)
		}
	}
	own, err := s.Own(ctx, "ann")
	if diff := cmp.Diff([]string{"同意付款", "已核对"}, own); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if l, _ := s.Own(ctx, "amy"); len(l) != 0 {
		t.Errorf("amy has ann's phrases: %v", l)
	}
	if _, err := s.SetCommon(ctx, []string{}); err != nil {
		t.Fatal(err)
	}
	if l, _ := s.Common(ctx, "zh-CN"); len(l) != 0 {
		t.Errorf("an organisation that wants none has %v", l)
	}
}

func TestPhrasesRefused(t *testing.T) {
	t.Parallel()
	s := phrase.New(kit.Empty(t).Services.Tenant)
	for want, items := range map[string][]string{
		"/items/1 required":   {"a", "  "},
		"/items/0 max_length": {strings.Repeat("长", phrase.MaxText+1)},
		"/items max_items":    strings.Split(strings.Repeat("x,", phrase.Max)+"x", ","),
	} {
		_, err := s.SetOwn(context.Background(), "ann", items)
		var e *fault.Error
		if !errors.As(err, &e) || e.Fields[0].Path+" "+e.Fields[0].Code != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
