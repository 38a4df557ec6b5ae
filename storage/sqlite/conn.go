package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// conn is one SQLite connection with its prepared statements. database/sql is
// left out: it costs a goroutine and several locks per statement. A conn is used
// by one goroutine at a time.
type conn struct {
	c     driver.Conn
	stmts map[string]driver.Stmt
	args  []driver.NamedValue // of the statement being started: the driver binds them at once
}

// Statements kept prepared per connection, and the longest worth keeping.
const (
	maxStmts    = 300
	maxStmtText = 4000
)

// connect opens a database file. busy_timeout comes first, so that the other
// settings wait for a lock rather than fail.
func connect(path string, pragmas ...string) (*conn, error) {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)")
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	name := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?_dqs=0&" + q.Encode()
	c, err := (&sqlite.Driver{}).Open(name)
	if err != nil {
		return nil, fmt.Errorf("storage: open %s: %w", filepath.Base(path), err)
	}
	return &conn{c: c, stmts: map[string]driver.Stmt{}}, nil
}

func (c *conn) close() error {
	c.forget()
	return c.c.Close()
}

func (c *conn) forget() {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	clear(c.stmts)
}

// prepare returns a statement and whether the caller must close it.
func (c *conn) prepare(sql string) (s driver.Stmt, once bool, err error) {
	if s, ok := c.stmts[sql]; ok {
		return s, false, nil
	}
	s, err = c.c.Prepare(sql)
	if err != nil {
		return nil, false, fmt.Errorf("%w in %.300s", err, sql)
	}
	if len(sql) > maxStmtText {
		return s, true, nil
	}
	if len(c.stmts) >= maxStmts {
		c.forget()
	}
	c.stmts[sql] = s
	return s, false, nil
}

// exec runs a statement and returns the rowid it inserted last.
func (c *conn) exec(sql string, args ...any) (int64, error) {
	s, once, err := c.prepare(sql)
	if err != nil {
		return 0, err
	}
	if once {
		defer func() { _ = s.Close() }() // what went wrong, Exec has said
	}
	r, err := s.(driver.StmtExecContext).ExecContext(context.Background(), c.named(args))
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// script runs statements that are not worth keeping.
func (c *conn) script(sql string) error {
	s, err := c.c.Prepare(sql)
	if err != nil {
		return fmt.Errorf("%w in %.300s", err, sql)
	}
	defer func() { _ = s.Close() }() // what went wrong, Exec has said
	_, err = s.(driver.StmtExecContext).ExecContext(context.Background(), nil)
	return err
}

// rows is a running query. Its statement is busy until close.
type rows struct {
	r    driver.Rows
	stmt driver.Stmt // closed with the rows, when not kept
	vals []driver.Value
	err  error
}

func (c *conn) query(ctx context.Context, sql string, args ...any) (*rows, error) {
	s, once, err := c.prepare(sql)
	if err != nil {
		return nil, err
	}
	r, err := s.(driver.StmtQueryContext).QueryContext(ctx, c.named(args))
	if err != nil {
		if once {
			_ = s.Close()
		}
		return nil, err
	}
	out := &rows{r: r, vals: make([]driver.Value, len(r.Columns()))}
	if once {
		out.stmt = s
	}
	return out, nil
}

func (r *rows) next() bool {
	if r.err != nil {
		return false
	}
	if err := r.r.Next(r.vals); err != nil {
		if !errors.Is(err, io.EOF) {
			r.err = err
		}
		return false
	}
	return true
}

// close ends the query and returns what went wrong in it.
func (r *rows) close() error {
	err := errors.Join(r.err, r.r.Close())
	if r.stmt != nil {
		_ = r.stmt.Close()
	}
	return err
}

// row returns the only row of a query, nil when there is none.
func (c *conn) row(sql string, args ...any) ([]driver.Value, error) {
	r, err := c.query(context.Background(), sql, args...)
	if err != nil {
		return nil, err
	}
	var vals []driver.Value
	if r.next() {
		vals = r.vals
	}
	return vals, r.close()
}

// each calls f for every row of a query.
func (c *conn) each(sql string, f func(vals []driver.Value) error, args ...any) error {
	r, err := c.query(context.Background(), sql, args...)
	if err != nil {
		return err
	}
	for r.next() {
		if err := f(r.vals); err != nil {
			return errors.Join(err, r.close())
		}
	}
	return r.close()
}

func (c *conn) named(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

// quote writes an SQL identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
