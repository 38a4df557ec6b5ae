package mongo_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/formwork-run/formwork/storage"
	"github.com/formwork-run/formwork/storage/mongo"
)

func TestOpenRefusesBadOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []mongo.Options{
		{}, {URI: "http://localhost"}, {URI: "mongodb://"}, {URI: "mongodb://user:geheim@host:port:99/"}, {URI: "mongodb://user:ge%zzheim@localhost/"},
		{URI: "mongodb://localhost", Prefix: "Bad"}, {URI: "mongodb://localhost", Prefix: "much_too_long_for_it"},
	} {
		s, err := mongo.Open(t.Context(), o)
		if !errors.Is(err, storage.ErrInvalid) {
			t.Errorf("%+v: %v, %v", o, s, err)
			continue
		}
		if strings.Contains(err.Error(), "heim") {
			t.Errorf("the password is told: %v", err)
		}
	}
}

// Nobody listens: Open gives up with the context.
func TestOpenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if s, err := mongo.Open(ctx, mongo.Options{URI: "mongodb://" + addr}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", s, err)
	}
}
