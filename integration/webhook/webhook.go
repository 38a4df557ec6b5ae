// Package webhook asks outside systems over HTTP for flows: bounded in time and
// size, signed, and never into the network the program itself stands in. It
// follows no redirect to another place and uses no proxy of the environment.
package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/formwork-run/formwork/internal/fault"
)

// Limits of one call.
const (
	MaxBody        = 1 << 20 // bytes sent
	MaxAnswer      = 1 << 20 // bytes read
	MaxTimeout     = time.Minute
	DefaultTimeout = 10 * time.Second
	maxHeaders     = 64 << 10 // bytes of the answer's headers
	maxRedirects   = 3
	dialTimeout    = 10 * time.Second
)

// Config is what an operator decides about calls.
type Config struct {
	// HTTP allows addresses without encryption.
	HTTP bool
	// Allow names what may be reached although it is private: networks
	// ("10.1.2.0/24"), addresses ("10.1.2.3") and host names ("erp.internal").
	Allow []string
}

// Request is one call.
type Request struct {
	Method  string // "" = POST
	URL     string
	Headers map[string]string
	Body    []byte        // JSON; nil = none
	Secret  []byte        // signs the request; nil = not signed
	Key     string        // Idempotency-Key: a repeat of a call has the same
	Timeout time.Duration // of the whole call; 0 = DefaultTimeout, at most MaxTimeout
}

// Answer is what came back: a status from 200 to 299 and the body, at most MaxAnswer bytes.
type Answer struct {
	Status int
	Body   []byte
}

// Client makes calls. It is safe for concurrent use.
type Client struct {
	cfg   Config
	guard guard
	now   func() time.Time
	http  *http.Client
}

// New makes a client; it fails when Allow holds what is neither network, address nor host name.
func New(cfg Config, now func() time.Time) (*Client, error) {
	g, err := newGuard(cfg.Allow)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, guard: g, now: now}
	t := &http.Transport{Proxy: nil, DialContext: g.dial, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: dialTimeout, MaxResponseHeaderBytes: maxHeaders}
	c.http = &http.Client{Transport: t}
	return c, nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Call makes one request. Errors are of kind Unavailable where trying again may
// help (call.unreachable, call.timeout, call.status of 408, 425, 429 and 5xx), and of
// kind Refused where it does not (call.url, call.address, call.redirect,
// call.too_large, any other call.status).
func (c *Client) Call(ctx context.Context, q Request) (Answer, error) {
	u, err := c.address(q.URL)
	if err != nil {
		return Answer{}, err
	}
	if len(q.Body) > MaxBody {
		return Answer{}, fault.Newf(fault.Refused, "call.too_large", "the request has more than %d bytes", MaxBody).With("max", MaxBody)
	}
	ctx, cancel := context.WithTimeout(ctx, timeoutOf(q.Timeout))
	defer cancel()
	r, err := c.request(ctx, u, q)
	if err != nil {
		return Answer{}, err
	}
	client := *c.http
	client.CheckRedirect = c.redirect(q)
	resp, err := client.Do(r)
	if err != nil {
		return Answer{}, failure(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read, or is not wanted
	return read(resp)
}

func timeoutOf(d time.Duration) time.Duration {
	if d <= 0 {
		return DefaultTimeout
	}
	return min(d, MaxTimeout)
}

// address checks an address before anything is asked of the network.
func (c *Client) address(text string) (*url.URL, error) {
	bad := func(why string) error {
		return fault.New(fault.Refused, "call.url", "the address cannot be called: "+why)
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, bad("it is no URL")
	case u.Scheme != "https" && (u.Scheme != "http" || !c.cfg.HTTP):
		return nil, bad("it is not https")
	case u.User != nil:
		return nil, bad("it holds a name or password")
	case u.Hostname() == "":
		return nil, bad("it names no host")
	}
	return u, nil
}

func (c *Client) request(ctx context.Context, u *url.URL, q Request) (*http.Request, error) {
	method := q.Method
	if method == "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(q.Body))
	if err != nil {
		return nil, fault.New(fault.Refused, "call.url", "the address cannot be called").Because(err)
	}
	for k, v := range q.Headers {
		if !reserved(k) {
			r.Header.Set(k, v)
		}
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "Formwork")
	}
	r.Header.Set("Accept", "application/json")
	if q.Body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if q.Key != "" {
		r.Header.Set("Idempotency-Key", q.Key)
	}
	c.sign(r, q)
	return r, nil
}

// reserved headers are the client's own, or those that would change how a request is read.
func reserved(name string) bool {
	switch n := http.CanonicalHeaderKey(name); n {
	case "Host", "Content-Length", "Content-Type", "Accept", "Transfer-Encoding", "Connection", "Upgrade", "Te", "Trailer", "Expect", "Idempotency-Key":
		return true
	default:
		return strings.HasPrefix(n, "Proxy-") || strings.HasPrefix(n, "X-Formwork-")
	}
}

// redirect follows only within the same origin, and only where method and body stay.
func (c *Client) redirect(q Request) func(*http.Request, []*http.Request) error {
	return func(r *http.Request, via []*http.Request) error {
		first := via[0]
		switch {
		case len(via) > maxRedirects:
			return fault.New(fault.Refused, "call.redirect", "the address leads in circles")
		case r.URL.Scheme != first.URL.Scheme || r.URL.Host != first.URL.Host:
			return fault.New(fault.Refused, "call.redirect", "the address leads to another place")
		case r.Method != first.Method:
			return fault.New(fault.Refused, "call.redirect", "the address answers with a redirect that loses the request")
		}
		c.sign(r, q)
		return nil
	}
}

// failure says why a request had no answer.
func failure(err error) error {
	var fe *fault.Error
	var netErr net.Error
	switch {
	case errors.As(err, &fe):
		return fe
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return fault.New(fault.Unavailable, "call.timeout", "there was no answer in time").Because(err)
	}
	return fault.New(fault.Unavailable, "call.unreachable", "the address cannot be reached").Because(err)
}

func read(resp *http.Response) (Answer, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswer+1))
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return Answer{}, refused(resp.StatusCode)
	case err != nil:
		return Answer{}, failure(err)
	case len(body) > MaxAnswer:
		return Answer{}, fault.Newf(fault.Refused, "call.too_large", "the answer has more than %d bytes", MaxAnswer).With("max", MaxAnswer)
	}
	return Answer{Status: resp.StatusCode, Body: body}, nil
}

func refused(status int) error {
	kind := fault.Refused
	switch {
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		kind = fault.Unavailable
	}
	return fault.New(kind, "call.status", fmt.Sprintf("the answer is status %d", status)).With("status", status)
}
