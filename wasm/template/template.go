package template

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Template is a text with conditions.
type Template struct {
	name  string
	nodes []node
}

// node is a text, or a list of branches of which the first that holds is taken.
type node struct {
	text     string
	branches []branch
}

// branch is what follows an {{if}} or {{else}}: one field that is true, two that are equal, or
// none for a plain {{else}}.
type branch struct {
	fields []string
	nodes  []node
}

// New returns an empty template.
func New(name string) *Template { return &Template{name: name} }

// Must panics if there is an error: templates are part of a program.
func Must(t *Template, err error) *Template {
	if err != nil {
		panic(err)
	}
	return t
}

// Parse reads a text into the template.
func (t *Template) Parse(text string) (*Template, error) {
	p := scanner{rest: text}
	nodes, end, err := p.nodes()
	if err == nil && end != "" {
		err = fmt.Errorf("{{%s}} without an {{if}}", end)
	}
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", t.name, err)
	}
	t.nodes = nodes
	return t, nil
}

// scanner holds what is not read yet.
type scanner struct{ rest string }

// nodes reads up to an action that ends or continues a condition, and returns that action; "" at
// the end of the text.
func (p *scanner) nodes() (out []node, end string, err error) {
	for {
		text, rest, found := strings.Cut(p.rest, "{{")
		if text != "" {
			out = append(out, node{text: text})
		}
		if !found {
			p.rest = ""
			return out, "", nil
		}
		action, rest, found := strings.Cut(rest, "}}")
		if p.rest = rest; !found {
			return nil, "", fmt.Errorf("{{%s is not closed", action)
		}
		words := strings.Fields(action)
		if len(words) > 0 && (words[0] == "end" || words[0] == "else") {
			return out, strings.Join(words, " "), nil
		}
		n, err := p.condition(words)
		if err != nil {
			return nil, "", err
		}
		out = append(out, n)
	}
}

// condition reads from behind its {{if}} to its {{end}}.
func (p *scanner) condition(words []string) (node, error) {
	var n node
	for {
		b, err := newBranch(words)
		if err != nil {
			return n, err
		}
		var end string
		if b.nodes, end, err = p.nodes(); err != nil {
			return n, err
		}
		n.branches = append(n.branches, b)
		switch {
		case end == "end":
			return n, nil
		case end == "" || len(b.fields) == 0:
			return n, fmt.Errorf("a condition ends in %q instead of {{end}}", end)
		}
		words = strings.Fields(end)[1:]
	}
}

// newBranch takes the words "if .F", "if eq .F .G", or none for an {{else}}.
func newBranch(words []string) (branch, error) {
	fields := words
	switch {
	case len(words) == 0:
		return branch{}, nil
	case len(words) == 2 && words[0] == "if":
		fields = words[1:]
	case len(words) == 4 && words[0] == "if" && words[1] == "eq":
		fields = words[2:]
	default:
		return branch{}, fmt.Errorf("no action {{%s}} here", strings.Join(words, " "))
	}
	var b branch
	for _, f := range fields {
		name, ok := strings.CutPrefix(f, ".")
		if !ok || name == "" || strings.Contains(name, ".") {
			return b, fmt.Errorf("%s is not a field", f)
		}
		b.fields = append(b.fields, name)
	}
	return b, nil
}

// Execute writes the text for a struct: of each condition the branch that holds.
func (t *Template) Execute(w io.Writer, data any) error {
	if err := execute(w, t.nodes, reflect.ValueOf(data)); err != nil {
		return fmt.Errorf("template %s: %w", t.name, err)
	}
	return nil
}

func execute(w io.Writer, nodes []node, data reflect.Value) error {
	for _, n := range nodes {
		if _, err := io.WriteString(w, n.text); err != nil {
			return err
		}
		for _, b := range n.branches {
			holds, err := b.holds(data)
			if err != nil {
				return err
			}
			if holds {
				if err := execute(w, b.nodes, data); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

func (b *branch) holds(data reflect.Value) (bool, error) {
	var values []reflect.Value
	for _, name := range b.fields {
		v := data.FieldByName(name)
		if !v.IsValid() {
			return false, fmt.Errorf("no field %s", name)
		}
		values = append(values, v)
	}
	switch len(values) {
	case 0:
		return true, nil
	case 1:
		return !values[0].IsZero(), nil
	}
	return values[0].Equal(values[1]), nil
}
