package runtime_test

import (
	"slices"
	"testing"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/runtime/internal/kit"
	"github.com/formwork-run/formwork/runtime/record"
	"github.com/formwork-run/formwork/schema"
	"github.com/formwork-run/formwork/storage"
)

// A draft is its author's in the trash, too: whoever may restore every record of
// the form neither finds nor takes it, and its author does.
func TestDraftsInTheTrashAreTheirAuthors(t *testing.T) {
	t.Parallel()
	z := &zoo{World: kit.Empty(t), t: t}
	z.access(schema.Access{Groups: []schema.GroupDef{{Key: "n", Form: "note", Members: []schema.MemberDef{{Everyone: true}}, Can: zooOps}}})
	deleted := func(name string) string {
		rec, err := z.TryCreate("ann", "zoo.note", kit.M{"name": name}, true)
		if err == nil {
			err = z.Records.Delete(ctx, z.As("ann"), "zoo.note", rec.ID(), 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		return rec.ID()
	}
	deleted("a whole one")
	draft := deleted("half a thought")
	// A deletion keeps no draft today; one that an earlier program, or a backup of it, left is still nobody else's.
	if _, err := z.Services.Trash().Patch(ctx, draft, storage.Guard{}, storage.Patch{Set: storage.Doc{"doc.state": record.StateDraft}}); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string][]string{"ann": {"a whole one", "half a thought"}, "eve": {"a whole one"}, "root": {"a whole one"}} {
		l, _, err := z.Records.Trash(ctx, z.As(user), "zoo.note", "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range l {
			got = append(got, x.Title)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the trash shows %s %q, want %q", user, got, want)
		}
	}
	for _, user := range []string{"eve", "root"} {
		if _, err := z.Records.Restore(ctx, z.As(user), "zoo.note", draft); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s restores somebody's draft: %v", user, err)
		}
	}
	if _, err := z.Records.Restore(ctx, z.As("ann"), "zoo.note", draft); err != nil {
		t.Errorf("its author: %v", err)
	}
}
