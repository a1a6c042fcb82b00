package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// The JSON form has the statements as objects. Durations are texts as in the text form, so that
// nothing is rounded; decoding goes through the text form, so that nothing gets in by this door
// that Parse would have refused.

type jsonScenario struct {
	Name       string          `json:"name,omitempty"`
	Statements []jsonStatement `json:"statements"`
	Tail       string          `json:"tail,omitempty"`
	Transcript string          `json:"transcript,omitempty"`
}

type jsonStatement struct {
	Comment string     `json:"comment,omitempty"`
	At      string     `json:"at,omitempty"`
	Every   string     `json:"every,omitempty"`
	From    string     `json:"from,omitempty"`
	Actor   string     `json:"actor,omitempty"`
	Verb    string     `json:"verb"`
	Args    []string   `json:"args,omitempty"`
	For     string     `json:"for,omitempty"`
	Keys    []KeyValue `json:"keys,omitempty"`
	Trail   string     `json:"trail,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (s *Scenario) MarshalJSON() ([]byte, error) {
	j := jsonScenario{Name: s.Name, Statements: []jsonStatement{}, Tail: s.Tail,
		Transcript: s.Transcript}
	for i := range s.Statements {
		st := &s.Statements[i]
		o := jsonStatement{Comment: st.Comment, Actor: st.Actor, Verb: st.Verb, Args: st.Args,
			Keys: st.Keys, Trail: st.Trail}
		if st.HasAt {
			o.At = FormatDuration(st.At)
		}
		if st.Every > 0 {
			o.Every, o.From = FormatDuration(st.Every), FormatDuration(st.From)
		}
		if st.HasFor {
			o.For = FormatDuration(st.For)
		}
		j.Statements = append(j.Statements, o)
	}
	return json.Marshal(j)
}

// UnmarshalJSON implements json.Unmarshaler. Fields that it does not know are errors.
func (s *Scenario) UnmarshalJSON(b []byte) error {
	var j jsonScenario
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return fmt.Errorf("scenario: %w", err)
	}
	made := Scenario{Name: j.Name, Tail: j.Tail, Transcript: j.Transcript}
	for i, o := range j.Statements {
		st, err := o.statement()
		if err == nil {
			err = st.valid()
		}
		if err != nil {
			return fmt.Errorf("scenario: statement %d: %w", i+1, err)
		}
		made.Statements = append(made.Statements, st)
	}
	parsed, err := Parse(j.Name, made.Document())
	if err != nil {
		return err
	}
	if len(parsed.Statements) != len(made.Statements) {
		return fmt.Errorf("scenario: a comment with a statement in it")
	}
	*s = *parsed
	return nil
}

// valid reports what is wrong with a statement that no text was parsed for.
func (st *Statement) valid() error {
	if _, err := parseLine(st.String()); err != nil {
		return errors.New(err.Msg)
	}
	return nil
}

func (o *jsonStatement) statement() (st Statement, err error) {
	st = Statement{Comment: o.Comment, Actor: o.Actor, Verb: o.Verb, Args: o.Args, Keys: o.Keys,
		Trail: o.Trail, HasAt: o.At != "", HasFor: o.For != ""}
	if st.HasAt {
		if st.At, err = ParseDuration(o.At); err != nil {
			return st, err
		}
	}
	if o.Every != "" {
		if st.Every, err = ParseDuration(o.Every); err != nil {
			return st, err
		}
	}
	if o.From != "" {
		if st.From, err = ParseDuration(o.From); err != nil {
			return st, err
		}
	}
	if st.HasFor {
		st.For, err = ParseDuration(o.For)
	}
	return st, err
}
