package packetdrill

import "strconv"

// call parses [...end] name(args) = result [ERRNO (text)].
func (p *parser) call() (*Call, error) {
	c := &Call{}
	if p.tok.kind == tokEllipsis {
		c.Blocking = true
		if err := p.advance(); err != nil {
			return nil, err
		}
		var err error
		if c.End, err = p.seconds(); err != nil {
			return nil, err
		}
	}
	if p.tok.kind != tokWord {
		return nil, p.errorf("expected a system call, found %v", p.tok)
	}
	c.Name = p.tok.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var err error
	if c.Args, err = p.list(")"); err != nil {
		return nil, err
	}
	if err := p.expect("="); err != nil {
		return nil, err
	}
	if c.Result, err = p.expr(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokWord {
		c.Errno = p.tok.text
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return c, p.note()
}

// note passes the text that strace prints in parentheses after a result.
func (p *parser) note() error {
	if !p.is("(") {
		return nil
	}
	for !p.is(")") {
		if p.tok.kind == tokEnd {
			return p.errorf("expected %q", ")")
		}
		if err := p.advance(); err != nil {
			return err
		}
	}
	return p.advance()
}

// list parses expressions up to the closing token.
func (p *parser) list(end string) ([]*Expr, error) {
	var l []*Expr
	if ok, err := p.accept(end); ok || err != nil {
		return l, err
	}
	for {
		e, err := p.expr()
		if err != nil {
			return nil, err
		}
		l = append(l, e)
		more, err := p.accept(",")
		if err != nil {
			return nil, err
		}
		if !more {
			return l, p.expect(end)
		}
	}
}

// expr parses an expression; | is the only operator.
func (p *parser) expr() (*Expr, error) {
	e, err := p.term()
	if err != nil || !p.is("|") {
		return e, err
	}
	or := &Expr{Kind: ExprOr, List: []*Expr{e}}
	for p.is("|") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if e, err = p.term(); err != nil {
			return nil, err
		}
		or.List = append(or.List, e)
	}
	return or, nil
}

func (p *parser) term() (*Expr, error) {
	t := p.tok
	if t.kind == tokEnd {
		return nil, p.errorf("expected a value, found %v", t)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch {
	case t.kind == tokEllipsis:
		return &Expr{Kind: ExprEllipsis, Text: "..."}, nil
	case t.kind == tokInt:
		v, err := strconv.ParseInt(t.text, 0, 64)
		if err != nil { // a leading zero that is no octal number
			v, err = strconv.ParseInt(t.text, 10, 64)
		}
		if err != nil {
			return nil, p.errorf("%v is no number", t)
		}
		return &Expr{Kind: ExprInt, Int: v, Text: t.text}, nil
	case t.kind == tokString:
		return p.strings(t.text)
	case t.kind == tokWord:
		if !p.is("(") {
			return &Expr{Kind: ExprWord, Text: t.text}, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		args, err := p.list(")")
		return &Expr{Kind: ExprCall, Text: t.text, List: args}, err
	case t.text == "[":
		l, err := p.list("]")
		return &Expr{Kind: ExprList, List: l}, err
	case t.text == "{":
		return p.structure()
	}
	return nil, p.errorf("expected a value, found %v", t)
}

// strings parses the rest of "a" "b" and "a"... .
func (p *parser) strings(s string) (*Expr, error) {
	for p.tok.kind == tokString {
		s += p.tok.text
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if p.tok.kind == tokEllipsis {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return &Expr{Kind: ExprString, Text: s}, nil
}

// structure parses {name=value, name(...)=value, value}; the brace is passed already.
func (p *parser) structure() (*Expr, error) {
	e := &Expr{Kind: ExprStruct}
	for {
		v, err := p.expr()
		if err != nil {
			return nil, err
		}
		f := Field{Value: v}
		if p.is("=") {
			f.Name = v.Text // of a word, or of a call: msg_iov(1)
			if err := p.advance(); err != nil {
				return nil, err
			}
			if f.Value, err = p.expr(); err != nil {
				return nil, err
			}
		}
		e.Fields = append(e.Fields, f)
		more, err := p.accept(",")
		if err != nil {
			return nil, err
		}
		if !more {
			return e, p.expect("}")
		}
	}
}
