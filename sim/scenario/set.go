package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// Setting is one value of a scenario that can be changed, for forms, sweeps and --set.
type Setting struct {
	Path    string // "client.keepalive", "seed", "cut.for"
	Value   string
	Key     Key
	Written bool // false: the default
}

// With returns a copy of the scenario in which the setting at path has another value. Paths are
//
//	seed, run, start          the run's own
//	NAME.KEY                  a setting of a host, broker, client, router or nat
//	A-B.KEY                   of the link between A and B; link.KEY if there is only one
//	VERB.at, VERB.for, VERB.KEY  of the first step with that verb: cut.at, cut.for, publish.qos
//	VERB2.at ...              of the second, and so on
func (s *Scenario) With(path, value string) (*Scenario, error) {
	c := s.clone()
	if !strings.Contains(path, ".") {
		return c, c.setOwn(path, value)
	}
	subject, key, _ := strings.Cut(path, ".")
	st := c.subject(subject)
	if st == nil {
		return nil, fmt.Errorf("nothing in the scenario is called %q%s", subject,
			didYouMean(subject, c.subjects()))
	}
	return c, st.set(key, value)
}

func (s *Scenario) clone() *Scenario {
	c := *s
	c.Transcript = ""
	c.Statements = slices.Clone(s.Statements)
	for i := range c.Statements {
		c.Statements[i].Keys = slices.Clone(c.Statements[i].Keys)
		c.Statements[i].Args = slices.Clone(c.Statements[i].Args)
	}
	return &c
}

// setOwn changes a setting of the run as a whole.
func (s *Scenario) setOwn(verb, value string) error {
	spec := verbOf(verb, Always)
	if spec == nil || len(spec.Args) != 1 || !slices.Contains(once, verb) {
		return fmt.Errorf("unknown setting %q%s", verb, didYouMean(verb, s.paths()))
	}
	if err := spec.Args[0].check(value); err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == verb && !st.IsStep() {
			st.Args = []string{value}
			return nil
		}
	}
	s.Statements = slices.Insert(s.Statements, 0, Statement{Verb: verb, Args: []string{value}})
	return nil
}

// subject finds the statement that a path's first part names.
func (s *Scenario) subject(name string) *Statement {
	for i := range s.Statements {
		if s.Statements[i].subjectName() == name {
			return &s.Statements[i]
		}
	}
	seen := map[string]int{}
	for i := range s.Statements {
		st := &s.Statements[i]
		if !st.IsStep() && st.Verb != "link" {
			continue
		}
		seen[st.Verb]++
		if n := seen[st.Verb]; n == 1 && name == st.Verb || name == fmt.Sprint(st.Verb, n) {
			return st
		}
	}
	return nil
}

// subjectName is what a declaration is called in paths.
func (s *Statement) subjectName() string {
	switch {
	case s.IsStep() || len(s.Args) == 0:
		return ""
	case s.Verb == "link":
		return s.Args[0] + "-" + s.Args[1]
	case s.Verb == "host" || s.Verb == "router" || s.Verb == "nat" || s.Verb == "broker" ||
		s.Verb == "client":
		return s.Args[0]
	}
	return ""
}

// set changes one setting of a statement.
func (s *Statement) set(key, value string) error {
	spec := s.Spec()
	timing := map[string]struct {
		has bool
		set func()
	}{
		"at":    {s.HasAt, func() { s.At, _ = ParseDuration(value) }},
		"for":   {spec.For, func() { s.For, _ = ParseDuration(value); s.HasFor = true }},
		"every": {s.Every > 0, func() { s.Every, _ = ParseDuration(value) }},
		"from":  {s.Every > 0, func() { s.From, _ = ParseDuration(value) }},
	}
	if t := timing[key]; t.has {
		if err := Duration.check(value); err != nil {
			return err
		}
		t.set()
		return nil
	}
	k := spec.key(key)
	if k == nil {
		return fmt.Errorf("%s has no setting %q%s", s.Verb, key, didYouMean(key, keyNames(spec)))
	}
	if err := k.check(value); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	i := slices.IndexFunc(s.Keys, func(kv KeyValue) bool { return kv.Key == key })
	if i < 0 {
		s.Keys = append(s.Keys, KeyValue{key, value})
		return nil
	}
	s.Keys[i].Value = value
	return nil
}

// Settings lists everything that With can change, in the order of the statements.
func (s *Scenario) Settings() []Setting {
	var list []Setting
	seen := map[string]int{}
	for i := range s.Statements {
		st := &s.Statements[i]
		spec := st.Spec()
		name := st.subjectName()
		if st.IsStep() {
			seen[st.Verb]++
			if name = st.Verb; seen[st.Verb] > 1 {
				name = fmt.Sprint(st.Verb, seen[st.Verb])
			}
		}
		switch {
		case spec == nil || st.Verb == "expect":
		case slices.Contains(once, st.Verb) && len(st.Args) == 1:
			list = append(list, Setting{Path: st.Verb, Value: st.Args[0], Written: true,
				Key: Key{Key: st.Verb, Kind: spec.Args[0], Doc: spec.Doc}})
		default:
			list = append(list, st.settings(name, spec)...)
		}
	}
	return list
}

func (s *Statement) settings(name string, spec *Verb) []Setting {
	var list []Setting
	add := func(key string, value string, doc string) {
		list = append(list, Setting{Path: name + "." + key, Value: value, Written: true,
			Key: Key{Key: key, Kind: Duration, Doc: doc}})
	}
	if s.HasAt {
		add("at", FormatDuration(s.At), "when")
	}
	if s.Every > 0 {
		add("every", FormatDuration(s.Every), "how often")
		add("from", FormatDuration(s.From), "when first")
	}
	if s.HasFor {
		add("for", FormatDuration(s.For), "how long")
	}
	for i := range spec.Keys {
		k := spec.Keys[i]
		list = append(list, Setting{Path: name + "." + k.Key, Value: s.Text(k.Key), Key: k,
			Written: s.Has(k.Key)})
	}
	return list
}

func (s *Scenario) paths() []string {
	paths := slices.Clone(once[:3])
	for _, x := range s.Settings() {
		paths = append(paths, x.Path)
	}
	return paths
}

func (s *Scenario) subjects() []string {
	var names []string
	for _, p := range s.paths() {
		if subject, _, ok := strings.Cut(p, "."); ok && !slices.Contains(names, subject) {
			names = append(names, subject)
		}
	}
	return names
}
