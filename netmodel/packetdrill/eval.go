package packetdrill

import (
	"fmt"
	"strconv"
)

// val is a value of Python code: a number or a text. Floating point holds every integer that
// scripts compare (below 2^53), and nothing in the model depends on it.
type val struct {
	num  float64
	text string
	str  bool
}

func (v val) truth() bool { return v.num != 0 || v.text != "" }

func (v val) String() string {
	if v.str {
		return strconv.Quote(v.text)
	}
	return strconv.FormatFloat(v.num, 'g', -1, 64)
}

func boolean(b bool) val {
	if b {
		return val{num: 1}
	}
	return val{}
}

// evaluator is a precedence climber over the tokens of one expression.
type evaluator struct {
	toks []token
	pos  int
	vars names
}

// eval works out an expression; what follows it behind a comma (the message of an assertion) is
// not looked at.
func eval(s string, vars names) (val, error) {
	l := lexer{src: s, line: 1}
	e := evaluator{vars: vars}
	for {
		t, err := l.next()
		if err != nil {
			return val{}, fmt.Errorf("%w: %w", errNotPlain, err)
		}
		e.toks = append(e.toks, t)
		if t.kind == tokEnd {
			break
		}
	}
	v, err := e.binary(0)
	if err == nil && e.peek() != "" && e.peek() != "," {
		err = e.odd()
	}
	return v, err
}

func (e *evaluator) odd() error {
	return fmt.Errorf("%v: %w", e.toks[e.pos], errNotPlain)
}

func (e *evaluator) peek() string { return e.toks[e.pos].text }

// operators by rising precedence; comparisons, which chain, are level 2.
var operators = [][]string{{"or"}, {"and"}, {"==", "!=", "<=", ">=", "<", ">"},
	{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "//", "/", "%"}}

const comparisons = 2

// operator returns the operator of the level at the position, and how many tokens it has: the lexer
// knows only single characters.
func (e *evaluator) operator(level int) (string, int) {
	t := e.toks[e.pos]
	if t.kind != tokPunct && t.kind != tokWord {
		return "", 0
	}
	two := t.text
	if n := e.toks[e.pos+1]; n.kind == tokPunct && n.pos == t.end {
		two += n.text
	}
	for _, op := range operators[level] {
		if op == two && len(two) > len(t.text) {
			return op, 2
		}
	}
	for _, op := range operators[level] {
		if op == t.text && (level <= comparisons || two != "<<" && two != ">>") {
			return op, 1
		}
	}
	return "", 0
}

func (e *evaluator) binary(level int) (val, error) {
	if level == len(operators) {
		return e.unary()
	}
	left, err := e.binary(level + 1)
	chain := val{num: 1}
	compared := false
	for err == nil {
		op, n := e.operator(level)
		if n == 0 {
			// A number with a minus sign directly behind a value: the lexer took the operator.
			if t := e.toks[e.pos]; level == 7 && t.kind == tokInt && t.text[0] == '-' {
				op = "+"
			} else {
				break
			}
		}
		e.pos += n
		var right val
		if right, err = e.binary(level + 1); err != nil {
			break
		}
		if level == comparisons {
			compared = true
			chain = boolean(chain.truth() && compare(op, left, right))
			left = right
			continue
		}
		left, err = arith(op, left, right)
	}
	if compared {
		return chain, err
	}
	return left, err
}

func compare(op string, a, b val) bool {
	switch op {
	case "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a.num < b.num
	case "<=":
		return a.num <= b.num
	case ">":
		return a.num > b.num
	}
	return a.num >= b.num
}

func arith(op string, a, b val) (val, error) {
	if a.str || b.str {
		return val{str: true, text: a.text}, nil // 'cwnd=%d' % x: only ever a message
	}
	x, y := int64(a.num), int64(b.num)
	switch op {
	case "or":
		return boolean(a.truth() || b.truth()), nil
	case "and":
		return boolean(a.truth() && b.truth()), nil
	case "|":
		return val{num: float64(x | y)}, nil
	case "^":
		return val{num: float64(x ^ y)}, nil
	case "&":
		return val{num: float64(x & y)}, nil
	case "<<":
		return val{num: float64(x << uint(y&63))}, nil
	case ">>":
		return val{num: float64(x >> uint(y&63))}, nil
	case "+":
		return val{num: a.num + b.num}, nil
	case "-":
		return val{num: a.num - b.num}, nil
	case "*":
		return val{num: a.num * b.num}, nil
	}
	if b.num == 0 {
		return val{}, fmt.Errorf("division by zero: %w", errNotPlain)
	}
	switch op {
	case "/":
		return val{num: a.num / b.num}, nil
	case "//":
		return val{num: float64(x / y)}, nil
	}
	return val{num: float64(x % y)}, nil
}

func (e *evaluator) unary() (val, error) {
	t := e.toks[e.pos]
	e.pos = min(e.pos+1, len(e.toks)-1)
	switch {
	case t.text == "not":
		v, err := e.binary(comparisons)
		return boolean(!v.truth()), err
	case t.kind == tokPunct && t.text == "-":
		v, err := e.unary()
		return val{num: -v.num}, err
	case t.kind == tokPunct && t.text == "(":
		v, err := e.binary(0)
		if err == nil && e.peek() != ")" {
			err = e.odd()
		}
		e.pos++
		return v, err
	case t.kind == tokInt || t.kind == tokFloat:
		return number(t)
	case t.kind == tokString:
		return val{str: true, text: t.text}, nil
	case t.kind == tokWord:
		if v, ok := e.vars[t.text]; ok {
			return v, nil
		}
	}
	return val{}, fmt.Errorf("%v: %w", t, errNotPlain)
}

func number(t token) (val, error) {
	if i, err := strconv.ParseInt(t.text, 0, 64); err == nil {
		return val{num: float64(i)}, nil
	}
	f, err := strconv.ParseFloat(t.text, 64)
	if err != nil {
		err = fmt.Errorf("%v: %w", t, errNotPlain)
	}
	return val{num: f}, err
}
