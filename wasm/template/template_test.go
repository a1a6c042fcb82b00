package template

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	real "text/template"
)

// data is what ebiten gives its template.
type data struct {
	Filter, FilterNearest, FilterLinear                       int
	Address, AddressUnsafe, AddressClampToZero, AddressRepeat int
	UseColorM                                                 bool
}

// shaderText is ebiten's template, from its source.
func shaderText(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}",
		"github.com/hajimehoshi/ebiten/v2").Output()
	if err != nil {
		t.Skipf("no go command: %v", err)
	}
	name := filepath.Join(strings.TrimSpace(string(out)), "internal/builtinshader/shader.go")
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	ast.Inspect(file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING &&
			strings.Contains(l.Value, "{{if") {
			text, err = strconv.Unquote(l.Value)
		}
		return true
	})
	if err != nil || text == "" {
		t.Fatalf("no template in %s: %v", name, err)
	}
	return text
}

// Every shader of ebiten's comes out as text/template writes it, to the byte.
func TestShadersAreThoseOfTextTemplate(t *testing.T) {
	text := shaderText(t)
	theirs := real.Must(real.New("shader").Parse(text))
	ours := Must(New("shader").Parse(text))
	different := map[string]bool{}
	for i := range 12 {
		d := data{Filter: i % 2, FilterLinear: 1, Address: i / 2 % 3, AddressClampToZero: 1,
			AddressRepeat: 2, UseColorM: i >= 6}
		var want, got bytes.Buffer
		if err := theirs.Execute(&want, d); err != nil {
			t.Fatal(err)
		}
		if err := ours.Execute(&got, d); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%+v gives\n%s\nwant\n%s", d, &got, &want)
		}
		different[got.String()] = true
	}
	if len(different) != 12 {
		t.Errorf("%d different shaders of 12", len(different))
	}
}

// What the package does not know is an error at the start, never a wrong shader.
func TestUnknownActionsAreErrors(t *testing.T) {
	for _, text := range []string{"{{.Filter}}", "{{if .A}}x", "{{end}}", "{{if not .A}}{{end}}",
		"{{if .A", "{{range .A}}{{end}}", "{{if .A}}{{else}}{{else}}{{end}}", "{{if .A.B}}{{end}}",
		"{{- if .A}}{{end}}", "{{else}}", "{{if .A}}{{else nonsense}}{{end}}", "{{}}"} {
		if _, err := New("t").Parse(text); err == nil {
			t.Errorf("%q parses", text)
		}
	}
	bad := Must(New("t").Parse("{{if .Nowhere}}{{end}}"))
	if err := bad.Execute(&bytes.Buffer{}, data{}); err == nil {
		t.Error("a field that does not exist is no error")
	}
}
