package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/formwork-run/formwork/runtime/vault"
	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/filter"
)

// ChainCollection holds the segments of the chain, one after the other.
const ChainCollection = "auditchain"

const (
	// sealAfter is how old an entry is when it is sealed: whoever writes one has
	// given up by then, or marks it as late.
	sealAfter = 2 * time.Minute
	// segmentSize bounds the entries of each of the two sequences in a segment.
	segmentSize = 500
)

// segment is a run of entries in their order, with the head of the chain behind them.
type segment struct {
	N      int64 // 1, 2, 3 …
	From   int64 // number of its first entry
	IDs    []string
	Hashes []string // of the entries, hex
	Prev   string   // head before, "" for the first
	Head   string
	At     time.Time // when it was sealed
	Until  mark      // how far entries are sealed, by their time
	Late   mark      // and those that came late, by the time of writing
	Sig    string    // Ed25519 over the head, base64
	Key    string    // the public key, base64
}

// mark is a place in the order of time and id.
type mark struct {
	At time.Time
	ID string
}

// behind is the condition for what comes after a mark, by a path.
func (m mark) behind(path string) filter.Expr {
	if m.At.IsZero() {
		return filter.Cmp{Path: path, Op: filter.Exists, Value: true}
	}
	return filter.Or{filter.Cmp{Path: path, Op: filter.Gt, Value: m.At},
		filter.And{filter.Cmp{Path: path, Op: filter.Eq, Value: m.At}, filter.Cmp{Path: storage.ID, Op: filter.Gt, Value: m.ID}}}
}

// Last is the number of a segment's last entry.
func (g segment) Last() int64 { return g.From + int64(len(g.IDs)) - 1 }

// link is the chain's value after one more entry.
func link(prev, id, hash string) string {
	sum := sha256.Sum256([]byte(prev + "\x00" + id + "\x00" + hash))
	return hex.EncodeToString(sum[:])
}

// hashOf is the hash of an entry as it is stored, whatever store it is.
func hashOf(d storage.Doc) (string, error) {
	kept := make(map[string]any, len(d))
	for k, v := range d {
		if k != storage.Rev {
			kept[k] = v
		}
	}
	raw, err := vault.Encode(kept)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

func (s *Service) chain() storage.Collection { return s.t.Store.Collection(ChainCollection) }

// Seal puts the entries that are old enough and in no segment yet into the next
// ones. Of nodes that do so at the same time one wins. It gives how many entries
// it sealed.
func (s *Service) Seal(ctx context.Context) (int, error) {
	done := 0
	for {
		n, more, err := s.sealOne(ctx)
		done += n
		if err != nil || !more {
			return done, err
		}
	}
}

func (s *Service) sealOne(ctx context.Context) (n int, more bool, err error) {
	last, err := s.lastSegment(ctx)
	if err != nil {
		return 0, false, err
	}
	next := segment{N: last.N + 1, From: last.Last() + 1, Prev: last.Head, Until: last.Until, Late: last.Late, At: s.t.Clock.Now()}
	if last.N == 0 {
		next.From = 1
	}
	onTime, err := s.waiting(ctx, "at", last.Until, filter.Cmp{Path: "late", Op: filter.Exists, Value: false})
	if err != nil {
		return 0, false, err
	}
	late, err := s.waiting(ctx, "late", last.Late, nil)
	if err != nil || len(onTime)+len(late) == 0 {
		return 0, false, err
	}
	if len(onTime) > 0 {
		d := onTime[len(onTime)-1]
		next.Until = mark{moment(d, "at"), text(d, storage.ID)}
	}
	if len(late) > 0 {
		d := late[len(late)-1]
		next.Late = mark{moment(d, "late"), text(d, storage.ID)}
	}
	if err := s.fill(&next, append(onTime, late...)); err != nil {
		return 0, false, err
	}
	err = s.chain().Insert(ctx, next.doc())
	if errors.Is(err, storage.ErrDuplicate) {
		return 0, false, nil // another node was first
	}
	return len(next.IDs), len(onTime) == segmentSize || len(late) == segmentSize, err
}

// waiting are the entries behind a mark that are old enough, in their order.
func (s *Service) waiting(ctx context.Context, path string, from mark, also filter.Expr) ([]storage.Doc, error) {
	where := filter.And{from.behind(path), filter.Cmp{Path: path, Op: filter.Le, Value: s.t.Clock.Now().Add(-sealAfter)}}
	if also != nil {
		where = append(where, also)
	}
	page, err := s.log().Find(ctx, storage.Query{Where: where, Sort: []filter.Sort{{Path: path}}, Limit: segmentSize})
	if err != nil {
		return nil, fmt.Errorf("audit: entries to seal: %w", err)
	}
	return page.Docs, nil
}

// fill takes entries into a segment and signs its head.
func (s *Service) fill(g *segment, docs []storage.Doc) error {
	g.Head = g.Prev
	for _, d := range docs {
		h, err := hashOf(d)
		if err != nil {
			return err
		}
		g.IDs, g.Hashes = append(g.IDs, text(d, storage.ID)), append(g.Hashes, h)
		g.Head = link(g.Head, text(d, storage.ID), h)
	}
	key, err := s.signer()
	if err != nil {
		return err
	}
	g.Key = base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	g.Sig = base64.StdEncoding.EncodeToString(ed25519.Sign(key, g.signed(s.t.ID)))
	return nil
}

func (s *Service) signer() (ed25519.PrivateKey, error) {
	return s.t.Vault.Sealer().Signer("audit", s.t.ID)
}

// signed is what a head's signature is about.
func (g segment) signed(tenant string) []byte {
	return fmt.Appendf(nil, "formwork audit head\n%s\n%d\n%d\n%s\n%d\n", tenant, g.N, g.Last(), g.Head, g.At.UnixMilli())
}

func (g segment) doc() storage.Doc {
	d := storage.Doc{storage.ID: fmt.Sprintf("%012d", g.N), "n": g.N, "from": g.From, "ids": anys(g.IDs), "hashes": anys(g.Hashes),
		"prev": g.Prev, "head": g.Head, "at": g.At, "sig": g.Sig, "key": g.Key}
	for name, m := range map[string]mark{"until": g.Until, "late": g.Late} {
		if !m.At.IsZero() {
			d[name], d[name+"_id"] = m.At, m.ID
		}
	}
	return d
}

func segmentOf(d storage.Doc) segment {
	g := segment{IDs: texts(d["ids"]), Hashes: texts(d["hashes"]), Prev: text(d, "prev"), Head: text(d, "head"), At: moment(d, "at"),
		Until: mark{moment(d, "until"), text(d, "until_id")}, Late: mark{moment(d, "late"), text(d, "late_id")}, Sig: text(d, "sig"), Key: text(d, "key")}
	g.N, _ = d["n"].(int64)
	g.From, _ = d["from"].(int64)
	return g
}

func (s *Service) lastSegment(ctx context.Context) (segment, error) {
	page, err := s.chain().Find(ctx, storage.Query{Sort: []filter.Sort{{Path: "n", Desc: true}}, Limit: 1})
	if err != nil {
		return segment{}, fmt.Errorf("audit: chain: %w", err)
	}
	if len(page.Docs) == 0 {
		return segment{}, nil
	}
	return segmentOf(page.Docs[0]), nil
}

// Head is the end of the chain: keep it elsewhere, and nobody cuts off what came before.
type Head struct {
	Seq       int64     `json:"seq"`            // entries sealed; 0 = none yet
	Hash      string    `json:"hash,omitempty"` // hex
	At        time.Time `json:"at,omitzero"`
	PublicKey string    `json:"public_key,omitempty"`
	Signature string    `json:"signature,omitempty"`
	Waiting   int       `json:"waiting"` // entries not sealed yet, at most 10 001
}

// Head gives the end of the chain.
func (s *Service) Head(ctx context.Context) (Head, error) {
	g, err := s.lastSegment(ctx)
	if err != nil {
		return Head{}, err
	}
	n, err := s.log().Count(ctx, g.Until.behind("at"), 10_000)
	if err != nil || g.N == 0 {
		return Head{Waiting: n}, err
	}
	return Head{Seq: g.Last(), Hash: g.Head, At: g.At, PublicKey: g.Key, Signature: g.Sig, Waiting: n}, nil
}

func anys(l []string) []any {
	out := make([]any, len(l))
	for i, s := range l {
		out[i] = s
	}
	return out
}

func texts(v any) []string {
	l, _ := v.([]any)
	out := make([]string, len(l))
	for i, x := range l {
		out[i], _ = x.(string)
	}
	return out
}
