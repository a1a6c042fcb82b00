package scenario

import (
	"fmt"
	"slices"
	"time"
)

// Check says what is wrong with a scenario as a whole: names that nobody declared, or twice. Its
// error is an *Error. A scenario made by a program, not by Parse, has its syntax checked too.
func Check(s *Scenario) error {
	c := checker{s: s}
	for i := range s.Statements {
		if err := c.syntax(&s.Statements[i]); err != nil {
			return c.at(&s.Statements[i], err.Error())
		}
	}
	for i := range s.Statements {
		if err := c.declare(&s.Statements[i]); err != nil {
			return err
		}
	}
	for i := range s.Statements {
		if err := c.refer(&s.Statements[i]); err != nil {
			return err
		}
	}
	if len(c.names) > 0 && len(s.Statements) > MaxStatements {
		return c.at(&s.Statements[0], fmt.Sprintf("more than %d statements", MaxStatements))
	}
	return nil
}

type checker struct {
	s     *Scenario
	names []declared
	links [][2]string
}

type declared struct {
	name, verb string
	placed     bool // it runs on another's machine
}

func (c *checker) at(st *Statement, msg string) error {
	return &Error{File: c.s.Name, Line: st.Line, Msg: msg}
}

// syntax checks a statement that did not come from Parse.
func (c *checker) syntax(st *Statement) error {
	if st.Line > 0 {
		return nil
	}
	if st.At < 0 || st.From < 0 || st.For < 0 || st.Every < 0 {
		return fmt.Errorf("%s: a time is negative", st.What())
	}
	if _, _, err := parseLine(st.Phrase()); err != nil {
		return err
	}
	return nil
}

// once are the statements that a scenario has one of.
var once = []string{"seed", "run", "start", "limit"}

func (c *checker) declare(st *Statement) error {
	if st.IsStep() {
		return nil
	}
	switch st.Verb {
	case "host", "router", "nat", "broker", "client":
		name := st.Args[0]
		if i := c.find(name); i >= 0 {
			return c.at(st, fmt.Sprintf("there is a %s %s already", c.names[i].verb, name))
		}
		if verbOf(name, Timed) != nil {
			return c.at(st, fmt.Sprintf("%s is a verb: choose another name", name))
		}
		placed := st.Verb == "client" && st.Text("host") != ""
		c.names = append(c.names, declared{name, st.Verb, placed})
	case "link":
		c.links = append(c.links, [2]string{st.Args[0], st.Args[1]})
	case "run":
		if d, _ := ParseDuration(st.Args[0]); d < time.Millisecond {
			return c.at(st, "a run is at least 1ms long")
		}
	}
	if slices.Contains(once, st.Verb) {
		for i := range c.s.Statements {
			if other := &c.s.Statements[i]; other != st && other.Verb == st.Verb && !other.IsStep() {
				return c.at(other, st.Verb+" stands twice")
			}
		}
	}
	return nil
}

func (c *checker) find(name string) int {
	return slices.IndexFunc(c.names, func(d declared) bool { return d.name == name })
}

// refer checks the names that a statement uses.
func (c *checker) refer(st *Statement) error {
	if st.Actor != "" {
		if err := c.actor(st); err != nil {
			return err
		}
	}
	for _, k := range []string{"broker", "host", "outside"} {
		if v, ok := st.written(k); ok && v != "" {
			if err := c.need(st, v, k); err != nil {
				return err
			}
		}
	}
	spec := st.Spec()
	switch {
	case st.Verb == "link" && !st.IsStep(), spec.Links:
		return c.ends(st)
	case st.Verb == "expect":
		if len(st.Args) < 2 {
			return c.at(st, "expect needs a client and what is expected of it")
		}
		return c.need(st, st.Args[0], "client")
	case st.IsStep() && len(spec.Args) > 0 && spec.Args[0] == Name:
		return c.need(st, st.Args[0], "machine")
	case st.Verb == "client":
		return c.brokerOf(st)
	}
	return nil
}

func (c *checker) need(st *Statement, name, what string) error {
	i := c.find(name)
	if i < 0 {
		return c.at(st, fmt.Sprintf("no %s is called %q%s", what, name, didYouMean(name, c.all())))
	}
	verb := c.names[i].verb
	if what == "broker" && verb != "broker" || what == "client" && verb != "client" {
		return c.at(st, fmt.Sprintf("%s is a %s, not a %s", name, verb, what))
	}
	return nil
}

func (c *checker) all() []string {
	var names []string
	for _, d := range c.names {
		names = append(names, d.name)
	}
	return names
}

func (c *checker) actor(st *Statement) error {
	i := c.find(st.Actor)
	if i < 0 {
		return c.at(st, fmt.Sprintf("nobody is called %q%s", st.Actor, didYouMean(st.Actor, c.all())))
	}
	verb, who := c.names[i].verb, st.Spec().Actor
	if verb != who && (who != "both" || verb != "client" && verb != "broker") {
		return c.at(st, fmt.Sprintf("%s is a %s: only a %s can %s", st.Actor, verb, who, st.Verb))
	}
	return nil
}

// ends checks the two machines of a link, and that a link joins them if a fault is about it.
func (c *checker) ends(st *Statement) error {
	a, b, _ := st.Ends()
	for _, name := range []string{a, b} {
		if err := c.need(st, name, "machine"); err != nil {
			return err
		}
		if i := c.find(name); c.names[i].placed {
			return c.at(st, name+" runs on another machine: name that one")
		}
	}
	if a == b {
		return c.at(st, "a link joins two machines")
	}
	if st.Verb == "link" {
		return nil
	}
	for _, l := range c.links {
		if l == [2]string{a, b} || l == [2]string{b, a} {
			return nil
		}
	}
	return c.at(st, fmt.Sprintf("no link joins %s and %s", a, b))
}

func (c *checker) brokerOf(st *Statement) error {
	if st.Text("broker") != "" {
		return nil
	}
	n := 0
	for _, d := range c.names {
		if d.verb == "broker" {
			n++
		}
	}
	if n != 1 {
		return c.at(st, fmt.Sprintf("there are %d brokers: say which by broker=NAME", n))
	}
	return nil
}
