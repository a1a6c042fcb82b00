package packetdrill

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parser turns tokens into a Script, with one token of look-ahead.
type parser struct {
	lex  lexer
	tok  token
	last token // the token before tok
}

// Parse parses the text of a script. Errors begin with path:line.
func Parse(path, src string) (*Script, error) { return parseWith(path, src, nil) }

// parseWith is Parse with words that stand for others (-D of packetdrill), as --define makes them.
func parseWith(path, src string, defines map[string]string) (*Script, error) {
	p := &parser{lex: lexer{src: src, line: 1, defines: map[string]string{}}}
	for name, v := range defines {
		p.lex.defines[name] = v
	}
	s := &Script{Path: path}
	if err := p.script(s); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return s, nil
}

func (p *parser) advance() error {
	t, err := p.lex.next()
	p.last, p.tok = p.tok, t
	return err
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("%d: %w", p.tok.line, fmt.Errorf(format, args...))
}

func (p *parser) is(s string) bool {
	return (p.tok.kind == tokPunct || p.tok.kind == tokWord) && p.tok.text == s
}

// accept passes the token s if it is next.
func (p *parser) accept(s string) (bool, error) {
	if !p.is(s) {
		return false, nil
	}
	return true, p.advance()
}

func (p *parser) expect(s string) error {
	ok, err := p.accept(s)
	if err == nil && !ok {
		err = p.errorf("expected %q, found %v", s, p.tok)
	}
	return err
}

func (p *parser) script(s *Script) error {
	if err := p.advance(); err != nil {
		return err
	}
	for p.tok.kind == tokOption {
		o, err := p.option()
		if err != nil {
			return err
		}
		s.Options = append(s.Options, o)
	}
	for p.tok.kind != tokEnd {
		ev := Event{Line: p.tok.line, Kind: Relative}
		// A shell block without a time stands at the beginning or the end of a script.
		if p.tok.kind != tokShell {
			if err := p.eventTime(&ev); err != nil {
				return err
			}
		}
		start := p.tok.pos
		if err := p.action(&ev); err != nil {
			return err
		}
		ev.Text = oneLine(p.lex.src[start:p.last.end])
		s.Events = append(s.Events, ev)
	}
	if len(s.Events) == 0 {
		return p.errorf("the script has no events")
	}
	return nil
}

// oneLine joins the lines of an event's text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// option parses --name or --name=value. A --define takes effect at once.
func (p *parser) option() (Option, error) {
	o := Option{Name: p.tok.text}
	if err := p.advance(); err != nil {
		return o, err
	}
	if ok, err := p.accept("="); !ok || err != nil {
		return o, err
	}
	o.Value = p.tok.text
	if o.Name == "ip_version" && o.Value != "ipv4" {
		return o, p.errorf("%s: %w", o.Value, ErrUnsupported)
	}
	name := o.Value
	if err := p.advance(); err != nil {
		return o, err
	}
	if !p.is("=") {
		return o, nil
	}
	if err := p.advance(); err != nil {
		return o, err
	}
	v := p.tok.text
	switch p.tok.kind {
	case tokString:
		v = `"` + v + `"`
	case tokShell:
		v = "`" + v + "`"
	}
	p.lex.defines[name] = v
	o.Value = name + "=" + v
	return o, p.advance()
}

// eventTime parses 0.1, +0.1, *, 0.1~0.2 and +0.1~+0.2.
func (p *parser) eventTime(ev *Event) error {
	if ok, err := p.accept("*"); ok {
		ev.Kind = AnyTime
		return err
	}
	rel, err := p.accept("+")
	if err != nil {
		return err
	}
	if !rel {
		ev.Kind = Absolute
	}
	if ev.From, err = p.seconds(); err != nil {
		return err
	}
	if ok, err := p.accept("~"); !ok || err != nil {
		return err
	}
	ev.Kind = AbsoluteRange
	if rel {
		ev.Kind = RelativeRange
		if err := p.expect("+"); err != nil {
			return err
		}
	}
	if ev.To, err = p.seconds(); err != nil {
		return err
	}
	if ev.To < ev.From {
		return p.errorf("the time range is backwards")
	}
	return nil
}

// seconds parses a decimal number of seconds, exactly.
func (p *parser) seconds() (time.Duration, error) {
	if p.tok.kind != tokInt && p.tok.kind != tokFloat {
		return 0, p.errorf("expected a time in seconds, found %v", p.tok)
	}
	whole, frac, _ := strings.Cut(p.tok.text, ".")
	if whole == "" {
		whole = "0"
	}
	frac = (frac + "000000000")[:9]
	s, err := strconv.ParseInt(whole, 10, 32)
	if err != nil || s < 0 {
		return 0, p.errorf("%v is no time in seconds", p.tok)
	}
	ns, err := strconv.ParseInt(frac, 10, 64)
	if err != nil {
		return 0, p.errorf("%v is no time in seconds", p.tok)
	}
	return time.Duration(s)*time.Second + time.Duration(ns), p.advance()
}

func (p *parser) action(ev *Event) error {
	switch {
	case p.tok.kind == tokShell:
		text := p.tok.text
		ev.Shell = &text
		return p.advance()
	case p.tok.kind == tokCode:
		text := p.tok.text
		ev.Code = &text
		return p.advance()
	case p.is("<") || p.is(">"):
		var err error
		ev.Packet, err = p.packet()
		if err == nil && ev.Packet.Inbound && ev.Kind > Relative {
			err = p.errorf("only an expected packet can have a time range or *")
		}
		return err
	case p.tok.kind == tokWord || p.tok.kind == tokEllipsis:
		var err error
		ev.Call, err = p.call()
		return err
	}
	return p.errorf("expected a packet, a system call, `...` or %%{ }%%, found %v", p.tok)
}

// number parses an integer that fits into bits.
func (p *parser) number(bits int) (int64, error) {
	if p.tok.kind != tokInt {
		return 0, p.errorf("expected a number, found %v", p.tok)
	}
	v, err := strconv.ParseInt(p.tok.text, 0, 64)
	if err != nil && !strings.HasPrefix(p.tok.text, "0x") {
		v, err = strconv.ParseInt(p.tok.text, 10, 64)
	}
	if err != nil || v < 0 || bits < 63 && v >= 1<<bits {
		return 0, p.errorf("%v is out of range", p.tok)
	}
	return v, p.advance()
}
