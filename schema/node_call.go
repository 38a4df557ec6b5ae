package schema

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	headerName  = regexp.MustCompile(`^[A-Za-z0-9-]{1,60}$`)
	secretName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	jsonPointer = regexp.MustCompile(`^(/([^~]|~[01])*)?$`)
)

// callMethods are the methods of a call; the first one has no body.
var callMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// callNode: one request to an outside system.
func (c *flowCheck) callNode(n *Node, at string) {
	c.only(n, at, "call")
	call := n.Call
	if call == nil {
		c.add(at+"/call", "required", "say which address is called")
		return
	}
	at += "/call"
	c.url(call.URL, at+"/url")
	c.word(at+"/method", call.Method, callMethods...)
	c.assigned(call.Body, at+"/body")
	if call.Method == callMethods[0] && len(call.Body) > 0 {
		c.add(at+"/body", "not_here", "a GET request has no body")
	}
	c.headers(call.Headers, at+"/headers")
	for _, k := range slices.Sorted(maps.Keys(call.Into)) {
		if !jsonPointer.MatchString(call.Into[k]) {
			c.add(at+"/into/"+escapePointer(k), "pointer", strconv.Quote(call.Into[k])+" is no JSON pointer such as /data/no", "value", call.Into[k])
		}
	}
	if call.Secret != "" && !secretName.MatchString(call.Secret) {
		c.add(at+"/secret", "key", strconv.Quote(call.Secret)+" is not the name of a secret")
	}
	if call.Timeout < 0 || call.Timeout > MaxCallTimeout {
		c.add(at+"/timeout", "range", "from 1 to "+strconv.Itoa(MaxCallTimeout)+" seconds", "min", 1, "max", MaxCallTimeout)
	}
	c.word(at+"/fail", call.Fail, FailRetry, FailSkip, FailWait)
}

func (c *flowCheck) headers(m map[string]string, at string) {
	if len(m) > MaxWorkFields {
		c.add(at, "too_many", "at most "+strconv.Itoa(MaxWorkFields)+" headers", "max", MaxWorkFields)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if !headerName.MatchString(k) || strings.ContainsAny(m[k], "\r\n\x00") {
			c.add(at+"/"+escapePointer(k), "header", strconv.Quote(k)+" is no header of one line", "header", k)
		}
	}
}

// url checks an address: https, a fixed host, formulas only behind it.
func (c *flowCheck) url(url, at string) {
	rest, https := strings.CutPrefix(url, "https://")
	if !https {
		c.add(at, "url", "an address begins with https://", "url", url)
		return
	}
	host, _, _ := strings.Cut(rest, "/")
	if host == "" || strings.ContainsAny(host, "{}@ \\?#") {
		c.add(at, "url_host", "the host of an address is fixed: formulas stand behind it", "url", url)
		return
	}
	if _, ok := URLParts(url); !ok {
		c.add(at, "url_braces", "each { needs its }", "url", url)
	}
}

// URLPart is a piece of a call's address: text as it is, or a formula whose value is percent-encoded.
type URLPart struct {
	Text    string
	Formula bool
}

// URLParts takes the address of a call apart; ok is false when a brace has no
// partner. Within a formula, braces stand in texts only.
func URLParts(url string) (parts []URLPart, ok bool) {
	for url != "" {
		text, rest, found := strings.Cut(url, "{")
		if strings.Contains(text, "}") {
			return nil, false
		}
		if text != "" {
			parts = append(parts, URLPart{Text: text})
		}
		if !found {
			break
		}
		end := braceEnd(rest)
		if end < 0 {
			return nil, false
		}
		parts = append(parts, URLPart{Text: rest[:end], Formula: true})
		url = rest[end+1:]
	}
	return parts, true
}

// braceEnd finds the } that ends a formula, outside its texts; -1 without one.
func braceEnd(s string) int {
	var quote rune
	for i, r := range s {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '}':
			return i
		}
	}
	return -1
}
