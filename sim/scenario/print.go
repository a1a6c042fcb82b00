package scenario

import "strings"

// String prints the canonical text: one space between words, comments as they were. Parse reads the
// same scenario from it.
func (s *Scenario) String() string {
	var b strings.Builder
	for i := range s.Statements {
		s.Statements[i].print(&b)
	}
	if s.Tail != "" {
		b.WriteString(s.Tail + "\n")
	}
	return b.String()
}

// Full prints the canonical text and the transcript below it.
func (s *Scenario) Full() string {
	if s.Transcript == "" {
		return s.String()
	}
	return s.String() + divider + "\n" + s.Transcript
}

func (s *Statement) print(b *strings.Builder) {
	b.WriteString(s.Comment)
	b.WriteString(s.Phrase())
	if s.Trail != "" {
		b.WriteString("  " + s.Trail)
	}
	b.WriteByte('\n')
}

// Phrase is the statement alone, without comments: "at 67s cut client broker for 116s".
func (s *Statement) Phrase() string {
	var words []string
	switch {
	case s.Every > 0:
		words = append(words, "every", FormatDuration(s.Every), "from", FormatDuration(s.From))
	case s.HasAt:
		words = append(words, "at", FormatDuration(s.At))
	}
	return strings.Join(append(words, s.What()), " ")
}

// What is the statement without its time: "cut client broker for 116s".
func (s *Statement) What() string {
	var words []string
	if s.Actor != "" {
		words = append(words, s.Actor)
	}
	words = append(words, s.Verb)
	for _, a := range s.Args {
		if a == "for" && s.Verb != "expect" {
			a = `"for"`
		} else {
			a = quote(a, true)
		}
		words = append(words, a)
	}
	if s.HasFor {
		words = append(words, "for", FormatDuration(s.For))
	}
	for _, kv := range s.Keys {
		words = append(words, kv.Key+"="+quote(kv.Value, false))
	}
	return strings.Join(words, " ")
}
