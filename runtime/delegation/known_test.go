package delegation_test

import (
	"context"
	"testing"
	"time"
)

// Who asked a moment ago is told of a change of this node at once.
func TestWhatIsKnownFollowsWrites(t *testing.T) {
	t.Parallel()
	w, s := world(t)
	ctx, at := context.Background(), w.Clock.Now().Add(2*24*time.Hour)
	is := func(want string) {
		t.Helper()
		for range 2 { // the second time from memory
			if got, err := s.Of(ctx, "ann", "lab.order", at); err != nil || got != want {
				t.Errorf("%q stands in, %v, want %q", got, err, want)
			}
		}
	}
	is("")
	d, err := s.Add(ctx, w.As("ann"), input("amy", 1, 3))
	if err != nil {
		t.Fatal(err)
	}
	is("amy")
	if err := s.End(ctx, w.As("ann"), d.ID); err != nil {
		t.Fatal(err)
	}
	is("")
}
