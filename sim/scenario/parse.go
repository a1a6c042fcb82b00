package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// divider separates the scenario from the transcript of its run.
const divider = "----"

// Parse reads the text of a scenario. It is strict, and reports up to ten errors as Errors, with
// line, column, what was expected and what may have been meant. What one line alone cannot tell is
// left to Check.
func Parse(name, text string) (*Scenario, error) {
	if len(text) > MaxText {
		return nil, Errors{{File: name, Msg: fmt.Sprintf("%d MB of text; a scenario has at most %d MiB",
			len(text)/1e6, MaxText>>20)}}
	}
	if !utf8.ValidString(text) {
		return nil, Errors{{File: name, Msg: "not a scenario: the text is not UTF-8"}}
	}
	text = strings.TrimPrefix(text, "\ufeff") // the mark that editors on Windows put first
	s := &Scenario{Name: name}
	var errs Errors
	var comment strings.Builder
	for n := 1; text != ""; n++ {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		line = strings.TrimRight(line, " \t\r")
		s.source = append(s.source, line)
		if line == divider {
			s.Transcript = rest
			break
		}
		st, err := parseLine(line)
		switch {
		case err == nil && len(s.Statements) == MaxStatements:
			err = &Error{Msg: fmt.Sprintf("more than %d statements", MaxStatements)}
			text = ""
			fallthrough
		case err != nil:
			err.File, err.Line = name, n
			errs = append(errs, err)
			if len(errs) == maxErrors {
				return nil, errs
			}
		case st == nil:
			comment.WriteString(strings.TrimLeft(line, " \t") + "\n")
		default:
			st.Line, st.Comment = n, comment.String()
			comment.Reset()
			s.Statements = append(s.Statements, *st)
		}
	}
	s.Tail = comment.String()
	if len(errs) > 0 {
		return nil, errs
	}
	return s, nil
}

// parseLine reads one line; nil for a comment or an empty one.
func parseLine(line string) (*Statement, *Error) {
	if len(line) > maxLine {
		return nil, &Error{Msg: fmt.Sprintf("a line of more than %d KiB", maxLine>>10)}
	}
	words, trail, err := scan(line)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	p := &parser{words: words, end: utf8.RuneCountInString(line) + 1}
	p.st.Trail = trail
	if err := p.statement(); err != nil {
		return nil, err
	}
	return &p.st, nil
}

// parser reads the words of one statement.
type parser struct {
	words []token
	end   int // column behind the line
	st    Statement
	verb  *Verb
}

// col is the column of the next word.
func (p *parser) col() int {
	if len(p.words) > 0 {
		return p.words[0].col
	}
	return p.end
}

func (p *parser) errorf(col int, format string, args ...any) *Error {
	return &Error{Col: col, Msg: fmt.Sprintf(format, args...)}
}

// next takes the next word, if it is neither KEY=VALUE nor missing.
func (p *parser) next(want string) (token, *Error) {
	if len(p.words) == 0 || p.words[0].isKey {
		return token{}, p.errorf(p.col(), "expected %s", want)
	}
	t := p.words[0]
	p.words = p.words[1:]
	return t, nil
}

// skip takes the next word if it is w.
func (p *parser) skip(w string) bool {
	if len(p.words) == 0 || !p.words[0].is(w) {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *parser) duration(what string) (time.Duration, *Error) {
	t, err := p.next(what + ", a duration such as 67s")
	if err != nil {
		return 0, err
	}
	d, bad := ParseDuration(t.text)
	if bad != nil {
		return 0, p.errorf(t.col, "%s: %v", what, bad)
	}
	return d, nil
}

// statement is [at TIME | every TIME [from TIME]] [ACTOR] VERB ARG... [for TIME] KEY=VALUE...
func (p *parser) statement() *Error {
	for _, part := range []func() *Error{p.when, p.who, p.args, p.rest} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) when() (err *Error) {
	switch {
	case p.skip("at"):
		p.st.HasAt = true
		p.st.At, err = p.duration("the time behind at")
	case p.skip("every"):
		col := p.col()
		if p.st.Every, err = p.duration("the time behind every"); err != nil {
			return err
		}
		if p.st.Every < shortestPeriod {
			return p.errorf(col, "every %v is too often, the shortest is %v", p.st.Every, shortestPeriod)
		}
		if p.skip("from") {
			p.st.From, err = p.duration("the time behind from")
		}
	}
	return err
}

func (p *parser) args() *Error {
	for i := range p.verb.Args {
		a := &p.verb.Args[i]
		var err *Error
		switch a.Kind {
		case Path:
			err = p.path()
		case Phrase:
			err = p.phrase()
		default:
			err = p.arg(a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) arg(a *Arg) *Error {
	t, err := p.next(fmt.Sprintf("the %s behind %s", a.Name, p.verb.Name))
	if err != nil {
		return err
	}
	if bad := checkValue(a.Kind, t.text, nil); bad != nil {
		return p.errorf(t.col, "%v", bad)
	}
	p.st.Args = append(p.st.Args, t.text)
	return nil
}

// path reads A B, A > B or A. Names begin with a letter, so what follows a path is never taken for
// one.
func (p *parser) path() *Error {
	if err := p.arg(&Arg{Name: "host", Kind: HostName}); err != nil {
		return err
	}
	if p.skip(">") {
		p.st.Args = append(p.st.Args, ">")
		return p.arg(&Arg{Name: "host", Kind: HostName})
	}
	if len(p.words) > 0 && !p.words[0].isKey && checkName(p.words[0].text) == nil {
		return p.arg(&Arg{Name: "host", Kind: HostName})
	}
	return nil
}

// rest reads [for TIME] and KEY=VALUE..., which people write in any order, and puts the keys into
// the order of the schema.
func (p *parser) rest() *Error {
	for len(p.words) > 0 {
		read := p.key
		if p.words[0].is("for") {
			read = p.length
		}
		if err := read(); err != nil {
			return err
		}
	}
	p.st.sortKeys(p.verb)
	return nil
}

// length reads for TIME.
func (p *parser) length() (err *Error) {
	col := p.col()
	p.skip("for")
	switch {
	case !p.verb.For:
		return p.errorf(col, "%s does not last, so it takes no for", p.verb.Name)
	case p.st.HasFor:
		return p.errorf(col, "for twice")
	}
	p.st.HasFor = true
	if p.st.For, err = p.duration("the time behind for"); err == nil && p.st.For == 0 {
		err = p.errorf(col, "for 0s: nothing would happen")
	}
	return err
}

// key reads KEY=VALUE.
func (p *parser) key() *Error {
	t := p.words[0]
	p.words = p.words[1:]
	if !t.isKey {
		return p.errorf(t.col, "unexpected %q%s", t.text, p.usage())
	}
	k := p.verb.Key(t.key)
	if k == nil {
		return p.errorf(t.col, "%s has no setting %q%s", p.verb.Name, t.key,
			suggest(t.key, p.verb.keyNames()))
	}
	if _, twice := p.st.Lookup(t.key); twice {
		return p.errorf(t.col, "%s= twice", t.key)
	}
	if bad := k.check(t.text); bad != nil {
		return p.errorf(t.col, "%s: %v", t.key, bad)
	}
	p.st.Keys = append(p.st.Keys, KeyValue{t.key, t.text})
	return nil
}

func (st *Statement) sortKeys(v *Verb) {
	place := func(kv KeyValue) int {
		k := v.Key(kv.Key)
		return slices.IndexFunc(v.Keys, func(o Key) bool { return k != nil && o.Name == k.Name })
	}
	slices.SortStableFunc(st.Keys, func(a, b KeyValue) int { return place(a) - place(b) })
}

// usage is the form of the statement, as a hint.
func (p *parser) usage() string { return "; the form is: " + p.verb.Usage() }
