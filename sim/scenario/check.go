package scenario

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"halfopen/netmodel"
)

// Check reports what one line alone cannot tell: names that nobody declared or somebody declared
// twice, faults where there is no link, steps of programs that cannot do them. It also checks the
// statements that programs made or changed. Errors come as Errors.
func Check(s *Scenario) error {
	c := &checker{s: s, declared: make(map[string]*Statement), links: make(map[[2]string]bool),
		settings: make(map[string]bool), addrs: make(map[string]bool)}
	if len(s.Statements) > MaxStatements {
		return Errors{{File: s.Name, Msg: fmt.Sprintf("more than %d statements", MaxStatements)}}
	}
	for _, pass := range []func(*Statement){c.form, c.declare, c.connect, c.refer} {
		for i := range s.Statements {
			if pass(&s.Statements[i]); len(c.errs) == maxErrors {
				return c.errs
			}
		}
		if len(c.errs) > 0 {
			return c.errs // later passes would only repeat it in other words
		}
	}
	c.hosts()
	if len(c.names) == 0 {
		c.errs = append(c.errs, &Error{File: s.Name, Msg: "an empty world: " +
			"a scenario needs at least a broker, a client and a link between them"})
	}
	return c.errs.orNil()
}

// hosts holds the scenario's own limit on machines against those that it declares.
func (c *checker) hosts() {
	machines := 0
	for _, name := range c.names {
		if _, guest := c.declared[name].Lookup("host"); !guest {
			machines++
		}
	}
	for i := range c.s.Statements {
		st := &c.s.Statements[i]
		if st.Verb == "limit" && machines > int(st.Int("hosts")) {
			c.fail(st, "hosts", "%d hosts are declared, and limit hosts= allows %d", machines,
				st.Int("hosts"))
		}
	}
}

type checker struct {
	s        *Scenario
	declared map[string]*Statement // looked up, never iterated
	links    map[[2]string]bool
	settings map[string]bool
	addrs    map[string]bool
	names    []string // declared, in order
	brokers  int
	errs     Errors
}

// fail adds an error about a word of a statement.
func (c *checker) fail(st *Statement, word, format string, args ...any) {
	c.errs = append(c.errs, &Error{File: c.s.Name, Line: st.Line, Col: c.s.column(st, word),
		Msg: fmt.Sprintf(format, args...)})
}

// column finds a word of a statement in the line it was parsed from; 0 if that is not known.
func (s *Scenario) column(st *Statement, word string) int {
	if st.Line < 1 || st.Line > len(s.source) {
		return 0
	}
	line := s.source[st.Line-1]
	words, _, err := scan(line)
	if err != nil {
		return 0
	}
	for _, t := range words {
		if t.text == word || t.isKey && t.key == word {
			return t.col
		}
	}
	return utf8.RuneCountInString(line) - utf8.RuneCountInString(strings.TrimLeft(line, " \t")) + 1
}

// form checks each statement for itself, as Parse does.
func (c *checker) form(st *Statement) {
	if _, err := parseLine(st.String()); err != nil {
		err.File, err.Line = c.s.Name, st.Line
		c.errs = append(c.errs, err)
	}
}

// declare collects what exists.
func (c *checker) declare(st *Statement) {
	v := st.Schema()
	switch {
	case v.Class == Run:
		if c.settings[st.Verb] {
			c.fail(st, st.Verb, "%s twice", st.Verb)
		}
		c.settings[st.Verb] = true
	case v.Class == Declaration && v.Args[0].Kind == NewName:
		name := st.Args[0]
		if first := c.declared[name]; first != nil {
			c.fail(st, name, "%q is declared twice, first in line %d", name, first.Line)
			return
		}
		c.declared[name] = st
		c.names = append(c.names, name)
		if st.Verb == "broker" {
			c.brokers++
		}
		if a := st.Text("addr"); a != "" {
			if c.addrs[a] {
				c.fail(st, a, "the address %s is given twice", a)
			}
			c.addrs[a] = true
		}
	}
}

// connect checks where programs run, and links hosts.
func (c *checker) connect(st *Statement) {
	switch st.Verb {
	case "client":
		if h, ok := st.Lookup("host"); ok {
			c.host(st, h)
		}
		c.broker(st)
	case "link":
		a, b := st.Args[0], st.Args[1]
		switch {
		case !c.host(st, a) || !c.host(st, b):
		case a == b:
			c.fail(st, a, "a link from %s to itself", a)
		case c.links[[2]string{a, b}]:
			c.fail(st, "link", "a second link between %s and %s", a, b)
		}
		c.links[[2]string{a, b}], c.links[[2]string{b, a}] = true, true
	}
}

// broker checks that a client knows which broker is its own.
func (c *checker) broker(st *Statement) {
	name, ok := st.Lookup("broker")
	switch n := c.brokers; {
	case ok:
		c.declaredAs(st, name, "broker")
	case n == 0:
		c.fail(st, st.Args[0], "client %s has no broker to talk to: declare one, for example: broker hub",
			st.Args[0])
	case n > 1:
		c.fail(st, st.Args[0], "which broker is that of client %s? Add broker=%s", st.Args[0],
			c.first("broker"))
	}
}

func (c *checker) first(verb string) string {
	for _, name := range c.names {
		if c.declared[name].Verb == verb {
			return name
		}
	}
	return "NAME"
}

// host checks that a name is that of a machine.
func (c *checker) host(st *Statement, name string) bool {
	d := c.declared[name]
	if d == nil {
		c.fail(st, name, "unknown host %q%s", name, suggest(name, c.names))
		return false
	}
	if h, ok := d.Lookup("host"); ok && d.Verb == "client" {
		c.fail(st, name, "%s is no machine: it runs on %s", name, h)
		return false
	}
	return true
}

// declaredAs checks that a name is that of a client, a broker or a nat.
func (c *checker) declaredAs(st *Statement, name string, verbs ...string) bool {
	d := c.declared[name]
	if d != nil && slices.Contains(verbs, d.Verb) {
		return true
	}
	var near []string
	for _, n := range c.names {
		if slices.Contains(verbs, c.declared[n].Verb) {
			near = append(near, n)
		}
	}
	if d != nil {
		c.fail(st, name, "%q is a %s, not a %s", name, d.Verb, oneOf(verbs))
	} else {
		c.fail(st, name, "unknown %s %q%s", oneOf(verbs), name, suggest(name, near))
	}
	return false
}

// refer checks the names in steps, expectations and keys.
func (c *checker) refer(st *Statement) {
	v := st.Schema()
	if v.Class == Program {
		c.declaredAs(st, st.Actor, v.By...)
	}
	for i := range v.Args {
		switch v.Args[i].Kind {
		case Path:
			c.path(st)
		case HostName:
			c.host(st, st.Arg(v.Args[i].Name))
		case ClientName:
			c.declaredAs(st, st.Arg(v.Args[i].Name), "client")
		case NATName:
			c.declaredAs(st, st.Arg(v.Args[i].Name), "nat")
		}
	}
	for _, kv := range st.Keys {
		switch k := v.Key(kv.Key); {
		case k.Kind == HostName:
			c.host(st, kv.Value)
		case k.Kind == Preset:
			if err := checkPreset(k.Words[0], kv.Value); err != nil {
				c.fail(st, kv.Key, "%s: %v", kv.Key, err)
			}
		}
	}
	for _, kv := range st.Sysctls() {
		if !netmodel.Linux().SetSysctl(kv.Key, kv.Value) {
			c.fail(st, sysctlKey.Name+kv.Key, "%s=%s is no setting of the model's TCP", kv.Key, kv.Value)
		}
	}
	if st.Every > 0 && st.HasFor && st.For >= st.Every {
		c.fail(st, "for", "it lasts until it begins again: for %s, every %s", FormatDuration(st.For),
			FormatDuration(st.Every))
	}
}

// path checks that there is a link where a fault is to act.
func (c *checker) path(st *Statement) {
	a, b, _ := st.Path()
	if !c.host(st, a) || b == "" || !c.host(st, b) || c.links[[2]string{a, b}] {
		return
	}
	var near []string
	for _, n := range c.names {
		if c.links[[2]string{a, n}] {
			near = append(near, n)
		}
	}
	hint := ""
	if len(near) > 0 {
		hint = fmt.Sprintf("; %s is linked with %s", a, strings.Join(near, " and "))
	}
	c.fail(st, b, "no link between %s and %s%s", a, b, hint)
}
