package audit

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// BrokenError is the first place at which the log is not what was sealed.
type BrokenError struct {
	Segment int64
	Seq     int64  // number of the entry, 0 where it is about a segment
	ID      string // of the entry, "" where it is about a segment
	What    string
}

// Error implements error.
func (b *BrokenError) Error() string {
	if b.ID == "" {
		return fmt.Sprintf("segment %d: %s", b.Segment, b.What)
	}
	if b.Seq == 0 {
		return fmt.Sprintf("entry %s: %s", b.ID, b.What)
	}
	return fmt.Sprintf("line %d (entry %s, segment %d): %s", b.Seq, b.ID, b.Segment, b.What)
}

// Expected is a head that was kept elsewhere.
type Expected struct {
	Seq  int64
	Hash string
}

// verifier walks the chain.
type verifier struct {
	s    *Service
	want []Expected
	at   segment // the last one that held
	pub  ed25519.PublicKey
}

// Verify reads the whole chain and all entries, and gives its head; the error is
// a *BrokenError at the first that is altered, missing, out of place or added. want
// are heads that were kept elsewhere: the chain must have come by each.
func (s *Service) Verify(ctx context.Context, want ...Expected) (Head, error) {
	key, err := s.signer()
	if err != nil {
		return Head{}, err
	}
	v := &verifier{s: s, want: want, pub: key.Public().(ed25519.PublicKey)}
	q := storage.Query{Sort: []filter.Sort{{Path: "n"}}, Limit: 100}
	for {
		page, err := s.chain().Find(ctx, q)
		if err != nil {
			return Head{}, fmt.Errorf("audit: chain: %w", err)
		}
		for _, d := range page.Docs {
			if err := v.segment(ctx, segmentOf(d)); err != nil {
				return Head{}, err
			}
		}
		if page.Next == "" {
			break
		}
		q.Cursor = page.Next
	}
	for _, w := range v.want {
		if w.Seq > v.at.Last() || v.at.N == 0 && w.Seq > 0 {
			return Head{}, &BrokenError{Segment: v.at.N, What: fmt.Sprintf("the chain ends at line %d: line %d, whose head was kept, is gone", max(0, v.at.Last()), w.Seq)}
		}
	}
	if err := v.added(ctx); err != nil {
		return Head{}, err
	}
	return s.Head(ctx)
}

func (v *verifier) segment(ctx context.Context, g segment) error {
	broken := func(format string, args ...any) error {
		return &BrokenError{Segment: g.N, What: fmt.Sprintf(format, args...)}
	}
	from := v.at.Last() + 1
	if v.at.N == 0 {
		from = 1
	}
	sig, err := base64.StdEncoding.DecodeString(g.Sig)
	switch {
	case g.N != v.at.N+1:
		return &BrokenError{Segment: v.at.N + 1, What: "it is missing"}
	case g.From != from || len(g.IDs) != len(g.Hashes) || len(g.IDs) == 0:
		return broken("its lines do not follow on line %d", from-1)
	case g.Prev != v.at.Head:
		return broken("it does not follow on the head of the one before")
	case err != nil || !ed25519.Verify(v.pub, g.signed(v.s.t.ID), sig):
		return broken("its signature is not that of this installation's keyset")
	}
	if err := v.entries(ctx, g); err != nil {
		return err
	}
	v.at = g
	return nil
}

func (v *verifier) entries(ctx context.Context, g segment) error {
	docs, head := map[string]storage.Doc{}, g.Prev
	for i := 0; i < len(g.IDs); i += segmentSize {
		part, err := v.s.log().GetMany(ctx, g.IDs[i:min(i+segmentSize, len(g.IDs))])
		if err != nil {
			return fmt.Errorf("audit: entries: %w", err)
		}
		for id, d := range part {
			docs[id] = d
		}
	}
	for i, id := range g.IDs {
		broken := &BrokenError{Segment: g.N, Seq: g.From + int64(i), ID: id}
		d, ok := docs[id]
		if !ok {
			broken.What = "it is missing"
			return broken
		}
		h, err := hashOf(d)
		if err != nil {
			return err
		}
		if h != g.Hashes[i] {
			broken.What = "it was altered"
			return broken
		}
		head = link(head, id, h)
		for _, w := range v.want {
			if w.Seq == broken.Seq && w.Hash != head {
				broken.What = "the head here is " + head + ", not the one that was kept"
				return broken
			}
		}
	}
	if head != g.Head {
		return &BrokenError{Segment: g.N, What: "its head is not that of its lines"}
	}
	return nil
}

// added finds an entry that lies where all is sealed, and is in no segment.
func (v *verifier) added(ctx context.Context) error {
	if v.at.N == 0 {
		return nil
	}
	sealed := filter.Or{filter.And{filter.Cmp{Path: "late", Op: filter.Exists, Value: false}, filter.Not{X: v.at.Until.behind("at")}}}
	if !v.at.Late.At.IsZero() {
		sealed = append(sealed, filter.And{filter.Cmp{Path: "late", Op: filter.Exists, Value: true}, filter.Not{X: v.at.Late.behind("late")}})
	}
	n, err := v.s.log().Count(ctx, sealed, 0)
	if err != nil || int64(n) == v.at.Last() {
		return err
	}
	known, err := v.ids(ctx)
	if err != nil {
		return err
	}
	q := storage.Query{Where: sealed, Limit: storage.MaxFindLimit, Fields: []string{"at"}}
	for {
		page, err := v.s.log().Find(ctx, q)
		if err != nil {
			return fmt.Errorf("audit: entries: %w", err)
		}
		for _, d := range page.Docs {
			if id := text(d, storage.ID); !known[id] {
				return &BrokenError{ID: id, What: "it was added: its time is sealed, and it is in no segment"}
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}

// ids are those of all sealed entries.
func (v *verifier) ids(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	q := storage.Query{Limit: 100, Fields: []string{"ids"}}
	for {
		page, err := v.s.chain().Find(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("audit: chain: %w", err)
		}
		for _, d := range page.Docs {
			for _, id := range texts(d["ids"]) {
				out[id] = true
			}
		}
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
}
