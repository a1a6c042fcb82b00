package packetdrill

import (
	"errors"
	"fmt"
	"strings"
)

// errNotPlain is in the error of Python code that is more than assignments, prints and assertions
// over plain arithmetic. Such a block is skipped with a notice.
var errNotPlain = errors.New("not plain")

// names are the variables of Python code: what a block assigns stays known to later blocks.
type names map[string]val

// python runs a %{ }% block. An assertion that does not hold is an error without errNotPlain.
func python(code string, vars names) error {
	code = strings.ReplaceAll(code, "\\\n", " ")
	var stmts []string
	for line := range strings.SplitSeq(code, "\n") {
		if i := strings.IndexByte(line, '#'); i >= 0 {
			line = line[:i]
		}
		for s := range strings.SplitSeq(line, ";") {
			if s = strings.TrimSpace(s); s != "" {
				stmts = append(stmts, s)
			}
		}
	}
	for _, s := range stmts {
		if err := statement(s, vars); err != nil {
			return err
		}
	}
	return nil
}

func statement(s string, vars names) error {
	if rest, ok := strings.CutPrefix(s, "assert"); ok && rest != "" && !isWord(rest[0]) {
		v, err := eval(rest, vars)
		if err != nil {
			return err
		}
		if !v.truth() {
			return fmt.Errorf("%s%s", s, values(rest, vars))
		}
		return nil
	}
	if strings.HasPrefix(s, "print") {
		return nil
	}
	n := wordLen(s)
	rest := strings.TrimSpace(s[n:])
	if n == 0 || isDigit(s[0]) || !strings.Contains(rest, "=") {
		return fmt.Errorf("%q: %w", s, errNotPlain)
	}
	op, expr, _ := strings.Cut(rest, "=")
	if strings.HasPrefix(expr, "=") {
		return fmt.Errorf("%q: %w", s, errNotPlain)
	}
	if op = strings.TrimSpace(op); op != "" {
		expr = s[:n] + op + "(" + expr + ")"
	}
	v, err := eval(expr, vars)
	if err == nil {
		vars[s[:n]] = v
	}
	return err
}

// values lists what the names of an expression stood for, for the message of a failed assertion.
func values(expr string, vars names) string {
	var out string
	l := lexer{src: expr, line: 1}
	said := map[string]bool{}
	for {
		t, err := l.next()
		if err != nil || t.kind == tokEnd {
			return out
		}
		v, ok := vars[t.text]
		if t.kind == tokWord && ok && !said[t.text] {
			said[t.text] = true
			out += fmt.Sprintf(" [%s is %v]", t.text, v)
		}
	}
}
