package scenario

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the reference in GRAMMAR.md again")

const generated = "-update` from the table in verbs*.go. -->\n"

// The reference in GRAMMAR.md is the schema, and the examples in it are scenarios.
func TestGrammar(t *testing.T) {
	b, err := os.ReadFile("GRAMMAR.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(b), generated)
	if !ok {
		t.Fatal("GRAMMAR.md has lost its mark")
	}
	if *update {
		text := head + generated + reference()
		if err := os.WriteFile("GRAMMAR.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if d := cmp.Diff(rest, reference()); d != "" {
		t.Errorf("GRAMMAR.md is not the schema's (-file +schema); go test ./sim/scenario -update\n%s", d)
	}
	example := ""
	for _, line := range strings.Split(head[:strings.Index(head, "## Lines")], "\n") {
		if l, ok := strings.CutPrefix(line, "    "); ok {
			example += l + "\n"
		}
	}
	s, err := Parse("GRAMMAR.md", example)
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(s); err != nil {
		t.Error(err)
	}
	if s.String() != example {
		t.Errorf("the example is not in canonical form:\n%s", s)
	}
}

// reference is the schema as Markdown.
func reference() string {
	var b strings.Builder
	for i := range Verbs {
		v := &Verbs[i]
		fmt.Fprintf(&b, "\n`%s`\n: %s\n", v.Usage(), v.Doc)
		for _, a := range v.Args {
			if a.Doc != "" {
				fmt.Fprintf(&b, "  %s: %s.\n", strings.ToUpper(a.Name), a.Doc)
			}
		}
		for _, k := range v.Keys {
			fmt.Fprintf(&b, "  * `%s`%s %s\n", k.Name, defaultText(&k), k.Doc)
		}
	}
	b.WriteString("\n| expect CLIENT ... | what must hold |\n|---|---|\n")
	for _, f := range Phrases {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f.Words, f.Doc)
	}
	b.WriteString("\nD and T are durations; COUNT is `N`, `at most N` or `at least N`.\n")
	return b.String()
}

func defaultText(k *Key) string {
	s := ""
	if k.Default != "" {
		s = "=" + k.Default
	}
	if k.Kind == Enum {
		s += " (" + strings.Join(k.Words, ", ") + ")"
	}
	return s + ":"
}

// Every entry of the schema is complete, and its defaults are values that it accepts.
func TestSchema(t *testing.T) {
	seen := map[string]bool{}
	for i := range Verbs {
		v := &Verbs[i]
		name := fmt.Sprint(v.Name, v.step())
		if v.Doc == "" || seen[name] {
			t.Errorf("%s: no documentation, or there twice", v.Name)
		}
		seen[name] = true
		if v.Class == Program && len(v.By) == 0 {
			t.Errorf("%s: who does it?", v.Name)
		}
		keys := map[string]bool{}
		for _, k := range v.Keys {
			if k.Doc == "" || keys[k.Name] {
				t.Errorf("%s %s: no documentation, or there twice", v.Name, k.Name)
			}
			keys[k.Name] = true
			if k.Default != "" {
				if err := k.check(k.Default); err != nil {
					t.Errorf("%s %s: its default: %v", v.Name, k.Name, err)
				}
			}
			if k.Kind == Preset && len(PresetsFor(&k)) == 0 {
				t.Errorf("%s %s: no preset fits", v.Name, k.Name)
			}
		}
	}
}
