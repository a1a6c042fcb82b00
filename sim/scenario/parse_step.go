package scenario

// who reads [ACTOR] VERB.
func (p *parser) who() *Error {
	t, err := p.next("a statement, such as: broker hub")
	if err != nil {
		return err
	}
	timed := p.st.HasAt || p.st.Every > 0
	v := lookup(t.text, timed)
	switch {
	case timed && (v == nil || t.quoted):
		return p.actor(t)
	case timed && v.Class == Program:
		return p.errorf(t.col, "who? A step of a program begins with its name: at 5s NAME %s", v.Name)
	case v == nil && lookup(t.text, true) != nil:
		return p.errorf(t.col, "when? %s is a step: at 67s %s ...", t.text, t.text)
	case v == nil || t.quoted:
		return p.errorf(t.col, "unknown statement %q%s", t.text, suggest(t.text, verbNames(anyVerb)))
	}
	p.st.Verb, p.verb = t.text, v
	return nil
}

// actor reads the verb of a step behind the name of its actor.
func (p *parser) actor(who token) *Error {
	if len(p.words) == 0 {
		return p.errorf(who.col, "unknown step %q%s", who.text,
			suggest(who.text, verbNames((*Verb).step)))
	}
	t := p.words[0]
	v := lookup(t.text, true)
	if t.quoted || t.isKey || v == nil || v.Class != Program {
		if hint := suggest(who.text, verbNames(isFault)); hint != "" {
			return p.errorf(who.col, "unknown step %q%s", who.text, hint)
		}
		return p.errorf(t.col, "%q is nothing that %q can do%s", t.text, who.text,
			suggest(t.text, verbNames(isProgram)))
	}
	if err := checkName(who.text); err != nil {
		return p.errorf(who.col, "%v", err)
	}
	p.words = p.words[1:]
	p.st.Actor, p.st.Verb, p.verb = who.text, t.text, v
	return nil
}

func anyVerb(*Verb) bool     { return true }
func isFault(v *Verb) bool   { return v.Class == Fault }
func isProgram(v *Verb) bool { return v.Class == Program }

func verbNames(which func(*Verb) bool) []string {
	var names []string
	for i := range Verbs {
		if which(&Verbs[i]) {
			names = append(names, Verbs[i].Name)
		}
	}
	return names
}
