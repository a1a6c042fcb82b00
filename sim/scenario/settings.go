package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is one value of a scenario that can be changed by its name, with what is known about it.
type Setting struct {
	Path      string // "client.keepalive", "cut.for", "run"
	Value     string // as it holds now, by default or by what is written
	Written   bool   // it is written in the scenario
	Kind      Kind
	Words     []string // of an Enum
	Default   string
	Doc       string
	Explains  string
	Statement int // index of the statement
}

// place is one changeable value of one statement.
type place struct {
	Setting
	set func(st *Statement, value string) *Error
}

// Settings lists everything in the scenario that Set can change, in the order of the statements.
//
// The names: "seed", "run" and "start"; NAME.KEY for what NAME's declaration may say, A-B.KEY for
// the link between A and B; VERB.PART or ACTOR.VERB.PART for steps, where PART is at, every, from,
// for, an argument or a key, with .2, .3 ... behind the verb where there are several such steps.
func (s *Scenario) Settings() []Setting {
	var list []Setting
	s.places(func(p *place) bool { list = append(list, p.Setting); return true })
	return list
}

// Set changes one value, by a name that Settings lists: Set("client.keepalive", "30s"). The verb of
// a declaration stands for all that it declares, unless something has that name: "link.latency" is
// that of every link. A setting of the run that is not written yet is added.
func (s *Scenario) Set(path, value string) error {
	found := false
	var failed *Error
	var paths []string
	s.places(func(p *place) bool {
		paths = append(paths, p.Path)
		if p.Path == path {
			found = true
			failed = s.change(p, value)
		}
		return !found
	})
	if !found {
		found, failed = s.setAll(path, value)
	}
	if !found {
		found, failed = s.setRun(path, value)
	}
	switch {
	case !found:
		return fmt.Errorf("no setting %q%s", path, suggest(path, append(paths, "seed", "run", "start")))
	case failed != nil:
		return fmt.Errorf("%s=%s: %s", path, value, failed.Msg)
	}
	return nil
}

// setAll changes a key of everything that one verb declares.
func (s *Scenario) setAll(path, value string) (found bool, failed *Error) {
	verb, key, _ := strings.Cut(path, ".")
	v := lookup(verb, false)
	if v == nil || v.Class != Declaration || v.Key(key) == nil {
		return false, nil
	}
	s.places(func(p *place) bool {
		if st := &s.Statements[p.Statement]; st.Verb == verb && strings.HasSuffix(p.Path, "."+key) {
			found = true
			failed = s.change(p, value)
		}
		return failed == nil
	})
	return found, failed
}

// setRun adds a setting of the run.
func (s *Scenario) setRun(path, value string) (found bool, failed *Error) {
	verb, key, isKey := strings.Cut(path, ".")
	v := lookup(verb, false)
	if v == nil || v.Class != Run || isKey != (len(v.Args) == 0) {
		return false, nil
	}
	line := verb + " " + formatValue(value)
	if isKey {
		line = verb + " " + key + "=" + formatValue(value)
	}
	st, err := parseLine(line)
	if err != nil {
		return true, err
	}
	st.Line = 0
	s.Statements = append([]Statement{*st}, s.Statements...)
	return true, nil
}

// change sets a place, and takes it back if the statement is then no longer one. What slices the
// statement has in common with copies of the scenario stay as they are.
func (s *Scenario) change(p *place, value string) *Error {
	st := s.Statements[p.Statement]
	st.Args, st.Keys = slices.Clone(st.Args), slices.Clone(st.Keys)
	if err := p.set(&st, value); err != nil {
		return err
	}
	again, err := parseLine(st.String())
	if err != nil {
		return err
	}
	again.Line, again.Comment = st.Line, st.Comment
	s.Statements = slices.Clone(s.Statements)
	s.Statements[p.Statement] = *again
	return nil
}

// places calls f for each changeable value until it returns false.
func (s *Scenario) places(f func(*place) bool) {
	seen := make(map[string]int) // how many steps had the same name
	for i := range s.Statements {
		st := &s.Statements[i]
		v := st.Schema()
		if v == nil || v.Class == Expect {
			continue
		}
		name := subject(st, v)
		if v.step() {
			if seen[name]++; seen[name] > 1 {
				name += "." + strconv.Itoa(seen[name])
			}
		}
		for _, p := range statementPlaces(st, v, name) {
			p.Statement = i
			if !f(&p) {
				return
			}
		}
	}
}

// subject is the part of a setting's name that says which statement it belongs to.
func subject(st *Statement, v *Verb) string {
	switch {
	case st.Actor != "":
		return st.Actor + "." + st.Verb
	case v.Class == Declaration && len(st.Args) == 2:
		return st.Args[0] + "-" + st.Args[1]
	case v.Class == Declaration && len(st.Args) == 1:
		return st.Args[0]
	}
	return st.Verb
}

func statementPlaces(st *Statement, v *Verb, name string) []place {
	var list []place
	add := func(part string, value string, written bool, k Key, set func(*Statement, string) *Error) {
		if part != "" {
			part = "." + part
		}
		list = append(list, place{Setting{Path: name + part, Value: value, Written: written,
			Kind: k.Kind, Words: k.Words, Default: k.Default, Doc: k.Doc, Explains: k.Explains}, set})
	}
	if v.step() {
		stepTimes(st, v, add)
	}
	for i, a := range v.Args {
		if a.Kind == Path || a.Kind == NewName || v.Class == Declaration {
			continue // who and where make the statement another one
		}
		part := a.Name
		if v.Class == Run {
			part = ""
		}
		at := i + len(st.Args) - len(v.Args) // behind a path of one to three words
		if at < 0 || at >= len(st.Args) {
			continue
		}
		add(part, st.Args[at], true, Key{Kind: a.Kind, Doc: a.Doc},
			func(st *Statement, value string) *Error { st.Args[at] = value; return nil })
	}
	for _, k := range v.Keys {
		if k.family() {
			continue // those that are written follow
		}
		_, written := st.Lookup(k.Name)
		add(k.Name, st.Text(k.Name), written, k, func(st *Statement, value string) *Error {
			if err := k.check(value); err != nil {
				return &Error{Msg: err.Error()}
			}
			st.setKey(v, k.Name, value)
			return nil
		})
	}
	for _, kv := range st.Keys {
		if k := v.Key(kv.Key); k != nil && k.family() {
			add(kv.Key, kv.Value, true, *k, func(st *Statement, value string) *Error {
				st.setKey(v, kv.Key, value)
				return nil
			})
		}
	}
	return list
}

func (st *Statement) setKey(v *Verb, key, value string) {
	for i := range st.Keys {
		if st.Keys[i].Key == key {
			st.Keys[i].Value = value
			return
		}
	}
	st.Keys = append(st.Keys, KeyValue{key, value})
	st.sortKeys(v)
}

// stepTimes adds the instants and lengths of a step.
func stepTimes(st *Statement, v *Verb,
	add func(string, string, bool, Key, func(*Statement, string) *Error)) {
	part := func(name, doc string, written bool, get func(*Statement) *int64, on func(*Statement)) {
		value := ""
		if written {
			value = FormatDuration(time.Duration(*get(st)))
		}
		add(name, value, written, Key{Kind: Duration, Doc: doc},
			func(st *Statement, value string) *Error {
				d, err := ParseDuration(value)
				if err != nil {
					return &Error{Msg: err.Error()}
				}
				if name == "every" && d < shortestPeriod {
					return &Error{Msg: fmt.Sprintf("every %s is too often, the shortest is %v", value,
						shortestPeriod)}
				}
				*get(st) = int64(d)
				on(st)
				return nil
			})
	}
	nothing := func(*Statement) {}
	if st.HasAt {
		part("at", "when", true, func(st *Statement) *int64 { return (*int64)(&st.At) }, nothing)
	} else {
		part("every", "how often", true, func(st *Statement) *int64 { return (*int64)(&st.Every) },
			nothing)
		part("from", "first at", true, func(st *Statement) *int64 { return (*int64)(&st.From) }, nothing)
	}
	if v.For {
		part("for", "how long", st.HasFor, func(st *Statement) *int64 { return (*int64)(&st.For) },
			func(st *Statement) { st.HasFor = true })
	}
}
