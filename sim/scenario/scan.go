package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a line.
type token struct {
	text   string // without quotes; of KEY=VALUE: the value
	key    string // of KEY=VALUE
	isKey  bool
	quoted bool
	col    int // of its first character, from 1
}

// is reports whether the token is the bare word w.
func (t *token) is(w string) bool { return !t.quoted && !t.isKey && t.text == w }

// scan splits a line into words and the comment behind them.
func scan(line string) (words []token, comment string, err *Error) {
	for i := 0; ; {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
			i++
		}
		if i == len(line) {
			return words, "", nil
		}
		if line[i] == '#' {
			return words, strings.TrimRight(line[i:], " \t"), nil
		}
		t, n, msg := scanWord(line[i:])
		t.col = utf8.RuneCountInString(line[:i]) + 1
		if msg != "" {
			return nil, "", &Error{Col: t.col, Msg: msg}
		}
		words = append(words, t)
		i += n
	}
}

// scanWord reads the word at the beginning of s: bare, "quoted", KEY=bare or KEY="quoted". It
// returns the word and its length, or a message.
func scanWord(s string) (t token, n int, msg string) {
	if s[0] != '"' {
		n = strings.IndexAny(s, " \t\"")
		if n < 0 {
			n = len(s)
		}
		t.text = s[:n]
		if i := strings.IndexByte(t.text, '='); i > 0 && isKeyName(t.text[:i]) {
			t.key, t.text, t.isKey = t.text[:i], t.text[i+1:], true
		}
		if n == len(s) || s[n] != '"' {
			return t, n, bareError(t.text)
		}
		if !t.isKey || t.text != "" {
			return t, n, `a " in the middle of a word: put the whole word in quotes`
		}
	}
	q, err := strconv.QuotedPrefix(s[n:])
	if err != nil {
		return t, n, `quotes that are not closed, or an escape that Go does not know`
	}
	t.quoted = true
	t.text, _ = strconv.Unquote(q)
	n += len(q)
	if n < len(s) && s[n] != ' ' && s[n] != '\t' {
		return t, n, `something right behind the closing ": put a blank between`
	}
	if !utf8.ValidString(t.text) {
		return t, n, `an escape that makes invalid UTF-8`
	}
	return t, n, ""
}

func bareError(s string) string {
	for _, c := range s {
		if !unicode.IsGraphic(c) || unicode.IsSpace(c) {
			return fmt.Sprintf("the character %q may stand in quotes only", c)
		}
	}
	return ""
}

func isKeyName(s string) bool {
	for i, c := range s {
		if c >= 'a' && c <= 'z' || i > 0 && (strings.ContainsRune("-._", c) || c >= '0' && c <= '9') {
			continue
		}
		return false
	}
	return s != ""
}

// bare reports whether a word can stand without quotes and is read as itself.
func bare(s string) bool {
	if s == "" || s[0] == '#' || reserved(s) || strings.ContainsAny(s, " \t\"") || bareError(s) != "" {
		return false
	}
	i := strings.IndexByte(s, '=')
	return i <= 0 || !isKeyName(s[:i])
}
