package packetdrill

import (
	"fmt"
	"strings"
)

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokWord
	tokInt    // decimal or 0x, perhaps with a minus sign
	tokFloat  // digits, a point and at least one digit after it
	tokAddr   // dotted quad
	tokString // quoted
	tokShell  // between backticks
	tokCode   // between %{ and }%
	tokOption // --name
	tokEllipsis
	tokPunct // one character
)

type token struct {
	kind tokenKind
	text string
	line int
	pos  int // offset of the first byte
	end  int // offset after the last byte
}

func (t token) String() string {
	if t.kind == tokEnd {
		return "the end of the file"
	}
	return fmt.Sprintf("%q", t.text)
}

// lexer cuts a script into tokens. Numbers follow packetdrill's lexer: the longest match wins, so
// "0...0.200" is 0, an ellipsis and 0.200.
type lexer struct {
	src     string
	pos     int
	line    int
	defines map[string]string
}

func (l *lexer) errorf(format string, args ...any) error {
	return fmt.Errorf("%d: %s", l.line, fmt.Sprintf(format, args...))
}

// skip passes white space and comments.
func (l *lexer) skip() error {
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		switch {
		case rest[0] == '\n':
			l.line++
			l.pos++
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || rest[0] == '\f':
			l.pos++
		case strings.HasPrefix(rest, "//") || (rest[0] == '#' && l.atLineStart()):
			if i := strings.IndexByte(rest, '\n'); i >= 0 {
				l.pos += i
			} else {
				l.pos = len(l.src)
			}
		case strings.HasPrefix(rest, "/*"):
			i := strings.Index(rest, "*/")
			if i < 0 {
				return l.errorf("comment without end")
			}
			l.line += strings.Count(rest[:i], "\n")
			l.pos += i + 2
		default:
			return nil
		}
	}
	return nil
}

// atLineStart reports whether only blanks stand before the position on its line: "#" is a comment
// only there (an interpreter line, an SPDX tag of some trees).
func (l *lexer) atLineStart() bool {
	i := strings.LastIndexByte(l.src[:l.pos], '\n')
	return strings.TrimSpace(l.src[i+1:l.pos]) == ""
}

// next returns the next token.
func (l *lexer) next() (token, error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	t := token{line: l.line, pos: l.pos}
	if l.pos == len(l.src) {
		t.end = l.pos
		return t, nil
	}
	rest := l.src[l.pos:]
	var n int
	var err error
	switch c := rest[0]; {
	case c == '`':
		t.kind, t.text, n, err = l.delimited(rest, "`", "`", tokShell)
	case c == '"':
		t.kind, t.text, n, err = l.delimited(rest, `"`, `"`, tokString)
	case strings.HasPrefix(rest, "%{"):
		t.kind, t.text, n, err = l.delimited(rest, "%{", "}%", tokCode)
	case strings.HasPrefix(rest, "..."):
		t.kind, t.text, n = tokEllipsis, "...", 3
	case strings.HasPrefix(rest, "--") && len(rest) > 2 && isWord(rest[2]):
		n = 2 + wordLen(rest[2:])
		t.kind, t.text = tokOption, rest[2:n]
	default:
		t.kind, n = scanPlain(rest)
		t.text = rest[:n]
	}
	if err != nil {
		return t, err
	}
	l.line += strings.Count(rest[:n], "\n")
	l.pos += n
	t.end = l.pos
	return l.define(t), nil
}

// define replaces a word that --define gave a value.
func (l *lexer) define(t token) token {
	v, ok := l.defines[t.text]
	if t.kind != tokWord || !ok {
		return t
	}
	switch {
	case strings.HasPrefix(v, `"`):
		t.kind, t.text = tokString, strings.Trim(v, `"`)
	case strings.HasPrefix(v, "`"):
		t.kind, t.text = tokShell, strings.Trim(v, "`")
	default:
		k, n := scanPlain(v)
		if n == len(v) && n > 0 {
			t.kind = k
		}
		t.text = v
	}
	return t
}

// delimited scans what stands between open and close; a backslash protects the closing character
// of strings and shell blocks.
func (l *lexer) delimited(s, open, end string, k tokenKind) (tokenKind, string, int, error) {
	for i := len(open); i < len(s); i++ {
		if k != tokCode && s[i] == '\\' {
			i++
			continue
		}
		if strings.HasPrefix(s[i:], end) {
			return k, s[len(open):i], i + len(end), nil
		}
	}
	return k, "", 0, l.errorf("%s without %s", open, end)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

func wordLen(s string) int {
	n := 0
	for n < len(s) && isWord(s[n]) {
		n++
	}
	return n
}

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// scanPlain scans a number, an address, a word or a single character.
func scanPlain(s string) (tokenKind, int) {
	if n := addrLen(s); n > 0 {
		return tokAddr, n
	}
	sign := 0
	if s[0] == '-' {
		sign = 1
	}
	whole := digits(s[sign:])
	n := sign + whole
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		return tokFloat, n + 1 + digits(s[n+1:])
	}
	if sign == 0 {
		if w := wordLen(s); w > whole {
			if strings.HasPrefix(s, "0x") && w > 2 {
				return tokInt, w
			}
			return tokWord, w
		}
	}
	if whole > 0 {
		return tokInt, n
	}
	return tokPunct, 1
}

// addrLen is the length of a dotted quad at the start of s, or 0.
func addrLen(s string) int {
	n := 0
	for i := range 4 {
		d := digits(s[n:])
		if d == 0 || d > 3 {
			return 0
		}
		n += d
		if i < 3 {
			if n == len(s) || s[n] != '.' {
				return 0
			}
			n++
		}
	}
	return n
}
