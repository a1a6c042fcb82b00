package scenario

import (
	"strconv"
	"strings"
)

// token is a word of a line: a bare word, a quoted text, or key=value.
type token struct {
	col    int // from 1, in bytes
	text   string
	key    string // of key=value; text is then the value
	quoted bool
}

// lex splits a line into words. comment is what follows a # that begins a word.
func lex(line string) (words []token, comment string, err *Error) {
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '#':
			return words, strings.TrimRight(line[i:], " \t\r"), nil
		default:
			t, next, err := word(line, i)
			if err != nil {
				return nil, "", err
			}
			words = append(words, t)
			i = next
		}
	}
	return words, "", nil
}

// word reads the word that begins at i, and returns where it ends.
func word(line string, i int) (token, int, *Error) {
	t := token{col: i + 1}
	start := i
	for i < len(line) && !isSpace(line[i]) {
		if line[i] == '"' {
			prefix, err := strconv.QuotedPrefix(line[i:])
			if err != nil {
				return t, 0, &Error{Col: i + 1, Msg: "this quotation does not end, or has a bad escape"}
			}
			text, _ := strconv.Unquote(prefix)
			i += len(prefix)
			if i < len(line) && !isSpace(line[i]) {
				return t, 0, &Error{Col: i + 1, Msg: "a space is missing behind the quotation"}
			}
			t.text, t.quoted = text, true
			return t, i, nil
		}
		if line[i] == '=' && t.key == "" && i > start && isKey(line[start:i]) {
			t.key = line[start:i]
			start = i + 1
		}
		i++
	}
	t.text = line[start:i]
	return t, i, nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// isKey reports whether s can be a key: lower case letters and -.
func isKey(s string) bool {
	for i := range len(s) {
		if (s[i] < 'a' || s[i] > 'z') && (s[i] != '-' || i == 0) {
			return false
		}
	}
	return s != ""
}

// quote prints a value so that lex reads it back: bare where that is possible.
func quote(s string, argument bool) string {
	bare := s != "" && !strings.ContainsAny(s, " \t\r\n\"#") && strconv.Quote(s) == `"`+s+`"`
	if k, _, found := strings.Cut(s, "="); argument && found && isKey(k) {
		bare = false
	}
	if bare {
		return s
	}
	return strconv.Quote(s)
}
