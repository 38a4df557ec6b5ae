package vault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/formwork-run/formwork/schema/catalog"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// resealBatch is how many documents are looked at together.
const resealBatch = 200

// Reseal seals anew, with the primary key, what lies under another one; and,
// when the sensitive fields of a form have changed, what was written before. It
// goes on where it was ended, does no harm beside other writers, and gives the
// number of documents it wrote.
func (v *Vault) Reseal(ctx context.Context, refs []string) (int, error) {
	if !v.owned.Load() { // nothing was ever sealed here, or not by this process
		if err := v.Check(ctx); err != nil {
			return 0, err
		}
	}
	done := 0
	var failed []error
	for _, ref := range refs {
		n, err := v.resealForm(ctx, ref)
		done += n
		failed = append(failed, err)
	}
	for _, c := range v.others() {
		n, err := v.each(ctx, c.name, c.mark, c.rewrite)
		done += n
		failed = append(failed, err)
	}
	return done, errors.Join(failed...)
}

// part is a collection with ciphertexts beside those of records.
type part struct {
	name, mark string // mark: where a document names the key of its ciphertexts
	rewrite    func(context.Context, storage.Collection, storage.Doc) error
}

func (v *Vault) others() []part {
	return []part{
		{"history", keyMark, v.rewriteHistory},
		{"trash", "doc." + Sealed + ".key", v.rewriteTrash},
		{"drafts", keyMark, v.rewriteDraft},
	}
}

// recordMark is where a record names the key of its ciphertexts.
const recordMark = Sealed + ".key"

func (v *Vault) resealForm(ctx context.Context, ref string) (int, error) {
	names := strings.Join(Names(v.forms(ref)), " ")
	state, err := v.store.Collection(Collection).Get(ctx, "form:"+ref)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return 0, fmt.Errorf("vault: %w", err)
	}
	rewrite := func(ctx context.Context, col storage.Collection, doc storage.Doc) error {
		return v.rewriteRecord(ctx, col, ref, doc)
	}
	if text(state, "fields") == names {
		if names == "" {
			return 0, nil
		}
		return v.each(ctx, catalog.RecordCollection(ref), recordMark, rewrite)
	}
	n, err := v.passes(ctx, ref, rewrite)
	if err != nil {
		return n, err
	}
	col := v.store.Collection(Collection)
	_, err = col.Patch(ctx, "form:"+ref, storage.Guard{}, storage.Patch{Set: map[string]any{"fields": names}})
	if errors.Is(err, storage.ErrNotFound) {
		err = col.Insert(ctx, storage.Doc{storage.ID: "form:" + ref, "fields": names})
	}
	if errors.Is(err, storage.ErrDuplicate) {
		err = nil // another node has come to the same end
	}
	return n, err
}

// passes brings everything of a form into the shape that its sensitive fields ask for now.
func (v *Vault) passes(ctx context.Context, ref string, rewrite func(context.Context, storage.Collection, storage.Doc) error) (int, error) {
	done, err := v.walk(ctx, catalog.RecordCollection(ref), nil, rewrite)
	if err != nil {
		return done, err
	}
	for _, c := range v.others() {
		n, err := v.walk(ctx, c.name, filter.Cmp{Path: "form", Op: filter.Eq, Value: ref}, c.rewrite)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// each rewrites the documents whose mark names another key than the primary.
func (v *Vault) each(ctx context.Context, name, mark string, rewrite func(context.Context, storage.Collection, storage.Doc) error) (int, error) {
	return v.walk(ctx, name, filter.And{filter.Cmp{Path: mark, Op: filter.Exists, Value: true},
		filter.Not{X: filter.Cmp{Path: mark, Op: filter.In, Value: []any{v.seal.Primary(), ""}}}}, rewrite)
}

func (v *Vault) walk(ctx context.Context, name string, where filter.Expr, rewrite func(context.Context, storage.Collection, storage.Doc) error) (int, error) {
	col, done := v.store.Collection(name), 0
	q := storage.Query{Where: where, Limit: resealBatch}
	for {
		page, err := col.Find(ctx, q)
		if err != nil {
			return done, fmt.Errorf("vault: %s: %w", name, err)
		}
		for _, d := range page.Docs {
			err := rewrite(ctx, col, d)
			switch {
			case err == nil:
				done++
			case errors.Is(err, errAsIs), errors.Is(err, storage.ErrConflict), errors.Is(err, storage.ErrNotFound):
				// right already, or whoever wrote meanwhile has sealed it
			default:
				return done, fmt.Errorf("vault: %s %v: %w", name, d[storage.ID], err)
			}
		}
		if page.Next == "" {
			return done, nil
		}
		q.Cursor = page.Next
	}
}

// errAsIs: there is nothing to rewrite.
var errAsIs = errors.New("vault: sealed as it should be")

func (v *Vault) rewriteRecord(ctx context.Context, col storage.Collection, ref string, doc storage.Doc) error {
	l := layoutOf(v.forms(ref))
	if !v.stale(l, doc) {
		return errAsIs
	}
	if err := v.openDoc(ref, doc); err != nil {
		return err
	}
	sealed, err := v.sealDoc(ctx, l, doc)
	if err != nil {
		return err
	}
	_, err = col.Replace(ctx, sealed)
	return err
}

// stale: sealed by an old key, or not the fields that are sensitive now.
func (v *Vault) stale(l *layout, doc storage.Doc) bool {
	s := object(doc, Sealed)
	if s == nil {
		return l.inPlain(object(doc, "data"))
	}
	if text(s, "key") != v.seal.Primary() || l == nil {
		return true
	}
	for key := range object(s, "f") {
		if l.field(key) == nil {
			return true
		}
	}
	for _, f := range l.fields {
		if object(doc, "data")[f.Key] != nil && object(s, "f")[f.Key] == nil {
			return true
		}
	}
	for table, cols := range l.rows {
		sealed := list(object(s, "rows"), table)
		for i, r := range list(object(doc, "data"), table) {
			row, _ := r.(map[string]any)
			if i >= len(sealed) {
				return true
			}
			cells, _ := sealed[i].(map[string]any)
			for _, c := range cols {
				if row[c.Key] != nil && cells[c.Key] == nil {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(object(s, "rows"))), func(table string) bool { return l.rows[table] == nil })
}

// inPlain: nothing is sealed, and something should be.
func (l *layout) inPlain(data map[string]any) bool {
	if l == nil {
		return false
	}
	for _, f := range l.fields {
		if data[f.Key] != nil {
			return true
		}
	}
	for table := range l.rows {
		if len(list(data, table)) > 0 {
			return true
		}
	}
	return false
}

func (v *Vault) rewriteHistory(ctx context.Context, col storage.Collection, doc storage.Doc) error {
	was, shape := text(doc, keyMark), shapeOf(doc)
	if err := v.openChanges(doc); err != nil {
		return err
	}
	sealed, err := v.sealChanges(ctx, doc)
	if err != nil {
		return err
	}
	if was == text(sealed, keyMark) && shape == shapeOf(sealed) {
		return errAsIs
	}
	_, err = col.Replace(ctx, sealed)
	return err
}

// shapeOf tells which parts of an entry's changes are sealed, whatever they hold.
func shapeOf(doc storage.Doc) string {
	var b strings.Builder
	for _, c := range list(doc, "changes") {
		m, _ := c.(map[string]any)
		fmt.Fprint(&b, "|", m[Sealed] != nil)
		for _, k := range []string{"before", "after"} {
			fmt.Fprint(&b, " ", m[k] != nil, slices.Sorted(maps.Keys(object(m, k))))
		}
	}
	return b.String()
}

func (v *Vault) rewriteTrash(ctx context.Context, col storage.Collection, row storage.Doc) error {
	if !v.stale(layoutOf(v.forms(text(row, "form"))), object(row, "doc")) {
		return errAsIs
	}
	if err := v.openRow(row); err != nil {
		return err
	}
	sealed, err := v.sealRow(ctx, row)
	if err != nil {
		return err
	}
	_, err = col.Replace(ctx, sealed)
	return err
}

func (v *Vault) rewriteDraft(ctx context.Context, col storage.Collection, doc storage.Doc) error {
	sensitive := layoutOf(v.forms(text(doc, "form"))) != nil
	if mark := text(doc, keyMark); !sensitive && mark == "" || sensitive && mark == v.seal.Primary() {
		return errAsIs
	}
	data, err := v.OpenDraft(doc)
	if err != nil {
		return err
	}
	set, err := v.SealDraft(ctx, text(doc, "form"), text(doc, storage.ID), data)
	if err != nil {
		return err
	}
	maps.Copy(doc, set)
	_, err = col.Replace(ctx, doc)
	return err
}

// InUse counts the documents with ciphertexts by the key that made them.
func (v *Vault) InUse(ctx context.Context) (map[string]int, error) {
	names, err := v.store.Collections(ctx)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	marks := map[string]string{}
	for _, name := range names {
		if strings.HasPrefix(name, "rec_") {
			marks[name] = recordMark
		}
	}
	for _, c := range v.others() {
		marks[c.name] = c.mark
	}
	marks[SecondFactors] = keyMark
	out := map[string]int{}
	for name, mark := range marks {
		rows, err := v.store.Collection(name).Aggregate(ctx, storage.Group{Where: filter.Cmp{Path: mark, Op: filter.Exists, Value: true},
			By: []storage.GroupKey{{As: "key", Path: mark}}, Measures: []storage.Measure{{As: "n", Fn: "count"}}})
		if err != nil {
			return nil, fmt.Errorf("vault: %s: %w", name, err)
		}
		for _, r := range rows {
			if key, _ := r["key"].(string); key != "" {
				n, _ := r["n"].(int64)
				out[key] += int(n)
			}
		}
	}
	return out, nil
}

// SecondFactors is the collection of the secrets of authenticators, which the
// service of authentication seals and keeps; its documents name their key alike.
const SecondFactors = "totp"
