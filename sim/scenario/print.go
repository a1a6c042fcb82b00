package scenario

import (
	"strconv"
	"strings"
)

// String is the canonical text of the scenario, without the transcript: one statement a line, one
// blank between words, keys in the order of the schema, comments kept. Two scenarios with the same
// text run alike.
func (s *Scenario) String() string {
	var b strings.Builder
	for i := range s.Statements {
		st := &s.Statements[i]
		b.WriteString(st.Comment)
		b.WriteString(st.String())
		b.WriteByte('\n')
	}
	b.WriteString(s.Tail)
	return b.String()
}

// Document is the text with the transcript below it, as files have it.
func (s *Scenario) Document() string {
	text := s.String()
	if s.Transcript == "" {
		return text
	}
	return text + divider + "\n" + s.Transcript
}

// String is the statement as one line, with the comment behind it.
func (st *Statement) String() string {
	var w []string
	switch {
	case st.HasAt:
		w = append(w, "at", FormatDuration(st.At))
	case st.Every > 0:
		w = append(w, "every", FormatDuration(st.Every))
		if st.From > 0 {
			w = append(w, "from", FormatDuration(st.From))
		}
	}
	line := strings.Join(append(w, st.Phrase()), " ")
	if st.Trail != "" {
		line += "  " + st.Trail
	}
	return line
}

// Phrase is the statement without its time: "cut client broker for 116s".
func (st *Statement) Phrase() string {
	var w []string
	if st.Actor != "" {
		w = append(w, st.Actor)
	}
	w = append(w, st.Verb)
	v := st.Schema()
	for i, a := range st.Args {
		w = append(w, v.formatArg(i, len(st.Args), a))
	}
	if st.HasFor {
		w = append(w, "for", FormatDuration(st.For))
	}
	for _, kv := range st.Keys {
		w = append(w, kv.Key+"="+formatValue(kv.Value))
	}
	return strings.Join(w, " ")
}

// formatArg prints argument i of n.
func (v *Verb) formatArg(i, n int, text string) string {
	kind := Text
	if v != nil {
		kind = v.argKind(i, n)
	}
	switch {
	case kind == Payload:
		return strconv.Quote(text)
	case kind == Path && text == ">" || kind == Phrase || bare(text):
		return text
	}
	return strconv.Quote(text)
}

// argKind is the kind of argument i of n: paths and phrases are several.
func (v *Verb) argKind(i, n int) Kind {
	if len(v.Args) == 0 {
		return Text
	}
	last := v.Args[len(v.Args)-1]
	switch {
	case last.Kind == Phrase && i >= len(v.Args)-1:
		return Phrase
	case v.Args[0].Kind == Path:
		if behind := len(v.Args) - 1; i >= n-behind {
			return v.Args[len(v.Args)-(n-i)].Kind
		}
		return Path
	case i < len(v.Args):
		return v.Args[i].Kind
	}
	return Text
}

func formatValue(s string) string {
	if s == "" || strings.ContainsAny(s, " \t\"") || bareError(s) != "" {
		return strconv.Quote(s)
	}
	return s
}

// Usage is the form of statements with the verb: "at T cut A > B for D".
func (v *Verb) Usage() string {
	var w []string
	if v.step() {
		w = append(w, "at", "TIME")
	}
	if v.Class == Program {
		w = append(w, "NAME")
	}
	w = append(w, v.Name)
	for _, a := range v.Args {
		switch a.Kind {
		case Path:
			w = append(w, "A [>] B")
		case Payload:
			w = append(w, `"PAYLOAD"`)
		default:
			w = append(w, strings.ToUpper(a.Name))
		}
	}
	if v.For {
		w = append(w, "[for TIME]")
	}
	for i := range v.Keys {
		if i == 3 && len(v.Keys) > 4 {
			w = append(w, "...")
			break
		}
		w = append(w, "["+v.Keys[i].Name+"=]")
	}
	return strings.Join(w, " ")
}
