package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of the text form. A scenario is written by a person: the largest useful one is far below.
const (
	MaxText       = 1 << 20 // bytes
	MaxStatements = 20_000
	maxLine       = 64 << 10
)

// Error says where a scenario is wrong, and what to do about it.
type Error struct {
	File      string
	Line, Col int // from 1; 0: the whole file, or line
	Msg       string
}

func (e *Error) Error() string {
	var where strings.Builder
	if e.File != "" {
		where.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&where, "%d:", e.Line)
		if e.Col > 0 {
			fmt.Fprintf(&where, "%d:", e.Col)
		}
	}
	if where.Len() == 0 {
		return e.Msg
	}
	return where.String() + " " + e.Msg
}

// divider stands between a scenario and the transcript of its run.
const divider = "----"

// Parse reads the text form: see GRAMMAR.md. Its error is an *Error. A scenario without an error has
// been looked at by Check.
func Parse(name, text string) (*Scenario, error) {
	fail := func(line int, e *Error) (*Scenario, error) {
		e.File, e.Line = name, line
		return nil, e
	}
	if len(text) > MaxText {
		return fail(0, &Error{Msg: fmt.Sprintf("the scenario has %d bytes: at most %d are read; is "+
			"this a scenario file?", len(text), MaxText)})
	}
	s := &Scenario{Name: name}
	var above []string
	for n, rest := 1, text; rest != ""; n++ {
		line, after, _ := strings.Cut(rest, "\n")
		rest = after
		if strings.TrimRight(line, " \t\r") == divider {
			s.Transcript = rest
			break
		}
		st, comment, err := parseLine(line)
		switch {
		case err != nil:
			return fail(n, err)
		case st == nil:
			above = append(above, comment)
			continue
		case len(s.Statements) == MaxStatements:
			return fail(n, &Error{Msg: fmt.Sprintf("more than %d statements", MaxStatements)})
		}
		st.Line, st.Comment, st.Trail = n, strings.Join(above, "\n"), comment
		if len(above) > 0 {
			st.Comment += "\n"
		}
		above = nil
		s.Statements = append(s.Statements, *st)
	}
	s.Tail = strings.TrimRight(strings.Join(above, "\n"), "\n")
	if err := Check(s); err != nil {
		return nil, err
	}
	return s, nil
}

// parseLine reads one line: a statement, or nil if it is blank or a comment.
func parseLine(line string) (*Statement, string, *Error) {
	if len(line) > maxLine {
		return nil, "", &Error{Msg: fmt.Sprintf("the line has more than %d bytes", maxLine)}
	}
	words, comment, err := lex(line)
	if err != nil || len(words) == 0 {
		return nil, comment, err
	}
	p := &parser{words: words, end: len(line) + 1}
	st, err := p.statement()
	return st, comment, err
}

// parser reads the words of one line.
type parser struct {
	words []token
	end   int // column behind the line
	st    Statement
	spec  *Verb
}

func (p *parser) statement() (*Statement, *Error) {
	if err := p.timing(); err != nil {
		return nil, err
	}
	if err := p.verb(); err != nil {
		return nil, err
	}
	if err := p.arguments(); err != nil {
		return nil, err
	}
	return &p.st, p.settings()
}

// peek returns the next word if it is bare.
func (p *parser) peek() string {
	if len(p.words) == 0 || p.words[0].key != "" || p.words[0].quoted {
		return ""
	}
	return p.words[0].text
}

func (p *parser) next(want string) (token, *Error) {
	if len(p.words) == 0 {
		return token{}, &Error{Col: p.end, Msg: "here the line ends: expected " + want}
	}
	t := p.words[0]
	p.words = p.words[1:]
	return t, nil
}

func (p *parser) duration(what string) (time.Duration, *Error) {
	t, err := p.next(what)
	if err != nil {
		return 0, err
	}
	d, e := ParseDuration(t.text)
	if e != nil || t.key != "" {
		return 0, &Error{Col: t.col, Msg: fmt.Sprintf("%s: %v", what, orText(e, "expected a duration"))}
	}
	return d, nil
}

func orText(err error, text string) string {
	if err != nil {
		return err.Error()
	}
	return text
}

// timing reads "at TIME" or "every TIME from TIME".
func (p *parser) timing() (err *Error) {
	switch p.peek() {
	case "at":
		p.words = p.words[1:]
		p.st.HasAt = true
		p.st.At, err = p.duration("the time behind at")
	case "every":
		col := p.words[0].col
		p.words = p.words[1:]
		if p.st.Every, err = p.duration("the period behind every"); err != nil {
			return err
		}
		if p.st.Every == 0 {
			return &Error{Col: col, Msg: "every 0s would never end"}
		}
		t, err := p.next("from TIME")
		if err != nil {
			return err
		}
		if t.text != "from" {
			return &Error{Col: t.col, Msg: fmt.Sprintf("%q: expected from TIME", t.text)}
		}
		p.st.From, err = p.duration("the time behind from")
		return err
	}
	return err
}

// verb reads [ACTOR] VERB.
func (p *parser) verb() *Error {
	t, err := p.next("a verb")
	if err != nil {
		return err
	}
	p.st.Verb = t.text
	p.spec = p.st.Spec()
	if p.spec == nil && p.st.IsStep() && isName(t.text) && t.key == "" && len(p.words) > 0 &&
		verbOf(p.peek(), Timed) != nil {
		p.st.Actor = t.text
		t, _ = p.next("a verb")
		p.st.Verb = t.text
		p.spec = p.st.Spec()
	}
	if p.spec == nil || t.key != "" {
		return p.unknownVerb(t)
	}
	switch {
	case p.spec.Actor == "" && p.st.Actor != "":
		return &Error{Col: t.col, Msg: t.text + " is a fault, nobody does it: write it without a name"}
	case p.spec.Actor != "" && p.st.Actor == "":
		return &Error{Col: t.col, Msg: "who shall " + t.text + "? Write at TIME NAME " + t.text}
	}
	return nil
}

func (p *parser) unknownVerb(t token) *Error {
	when := Always
	if p.st.IsStep() {
		when = Timed
	}
	if verbOf(t.text, Timed) != nil && when == Always {
		return &Error{Col: t.col, Msg: t.text + " needs a time: at 67s " + t.text + " ..."}
	}
	if verbOf(t.text, Always) != nil && when == Timed {
		return &Error{Col: t.col, Msg: t.text + " takes no time: it holds from the start"}
	}
	var names []string
	for i := range Verbs {
		if Verbs[i].When == when {
			names = append(names, Verbs[i].Verb)
		}
	}
	word := t.text
	if len(p.words) > 0 && p.st.IsStep() {
		word = p.words[0].text
		if near(word, names) != "" {
			t = p.words[0]
		} else {
			word = t.text
		}
	}
	return &Error{Col: t.col, Msg: fmt.Sprintf("unknown verb %q%s", word, didYouMean(word, names))}
}

// arguments reads what stands between the verb and the settings.
func (p *parser) arguments() *Error {
	for len(p.words) > 0 && p.words[0].key == "" {
		t := p.words[0]
		if t.text == "for" && !t.quoted && p.spec.Verb != "expect" {
			break
		}
		p.words = p.words[1:]
		p.st.Args = append(p.st.Args, t.text)
		if err := p.argument(t); err != nil {
			return err
		}
	}
	if n := len(p.kinds()); len(p.st.Args) < n {
		return &Error{Col: p.column(), Msg: fmt.Sprintf("%s needs %s", p.st.Verb, p.spec.Usage)}
	}
	return p.length()
}

func (p *parser) column() int {
	if len(p.words) > 0 {
		return p.words[0].col
	}
	return p.end
}

// kinds are the kinds of the arguments, with the direction's ">" if there is one.
func (p *parser) kinds() []Kind {
	if p.spec.Links && len(p.st.Args) > 1 && p.st.Args[1] == ">" {
		return slices.Insert(slices.Clone(p.spec.Args), 1, Text)
	}
	return p.spec.Args
}

// argument checks the argument that was read last.
func (p *parser) argument(t token) *Error {
	if p.spec.Verb == "expect" {
		return nil
	}
	i := len(p.st.Args) - 1
	kinds := p.kinds()
	if i >= len(kinds) {
		return &Error{Col: t.col, Msg: fmt.Sprintf("%q is too much: %s %s", t.text, p.st.Verb,
			p.spec.Usage)}
	}
	if err := kinds[i].check(t.text); err != nil {
		return &Error{Col: t.col, Msg: err.Error()}
	}
	if p.spec.Links && kinds[i] == Text && t.text != ">" && i == 1 {
		return &Error{Col: t.col, Msg: "expected >"}
	}
	return nil
}

// length reads "for DURATION".
func (p *parser) length() (err *Error) {
	if p.peek() != "for" || p.spec.Verb == "expect" {
		return nil
	}
	if !p.spec.For {
		return &Error{Col: p.words[0].col, Msg: p.st.Verb + " has no duration"}
	}
	p.words = p.words[1:]
	p.st.HasFor = true
	p.st.For, err = p.duration("the duration behind for")
	return err
}

// settings reads KEY=VALUE to the end of the line.
func (p *parser) settings() *Error {
	for _, t := range p.words {
		if t.key == "" {
			return &Error{Col: t.col, Msg: fmt.Sprintf("%q: expected KEY=VALUE", t.text)}
		}
		spec := p.spec.key(t.key)
		if spec == nil {
			return &Error{Col: t.col, Msg: fmt.Sprintf("%s has no setting %q%s", p.st.Verb, t.key,
				didYouMean(t.key, keyNames(p.spec)))}
		}
		if p.st.Has(t.key) {
			return &Error{Col: t.col, Msg: t.key + " is set twice"}
		}
		if err := spec.check(t.text); err != nil {
			return &Error{Col: t.col, Msg: fmt.Sprintf("%s: %v", t.key, err)}
		}
		p.st.Keys = append(p.st.Keys, KeyValue{t.key, t.text})
	}
	return nil
}

func keyNames(v *Verb) []string {
	names := make([]string, len(v.Keys))
	for i := range v.Keys {
		names[i] = v.Keys[i].Key
	}
	return names
}
