package sim_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"halfopen/sim"
)

// exempt are exported names that no example can show, each with the reason.
var exempt = map[string]string{
	"Accept": "net.Listener",
	"Close":  "net.Conn, and World.Close is called by those that make worlds",
	"Addr":   "net.Listener", "Read": "net.Conn", "Write": "net.Conn", "CloseWrite": "net.TCPConn",
	"LocalAddr": "net.Conn", "RemoteAddr": "net.Conn", "SetDeadline": "net.Conn",
	"SetReadDeadline": "net.Conn", "SetWriteDeadline": "net.Conn", "ServeHTTP": "http.Handler",
	"Error": "error", "Timeout": "net.Error", "Temporary": "net.Error", "Is": "errors.Is",
	"Provides": "mochi's hook", "Record": "netmodel.Sink",
	"Test": "wants a *testing.T: the cookbook's recipes are its examples",
	"Load": "as Test", "Play": "as Test", "Golden": "as Test", "GoldenText": "as Test",
	"Deterministic": "as Test",
	"WithSeed":      "as Test", "StartAt": "as Test", "Strict": "as Test", "IdealClock": "as Test",
	"WithLimits": "as Test", "Expect": "as Test; Check is the same",
	"Seeds": "for packages such as chaos", "Breakpoint": "for debuggers",
}

// TestEveryNameHasAnExample looks for exported functions and methods that no Example calls.
func TestEveryNameHasAnExample(t *testing.T) {
	used := make(map[string]bool)
	for _, f := range parseDir(t, true) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !exampleOrHelper(fn) {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					used[s.Sel.Name] = true
				}
				return true
			})
		}
	}
	var missing []string
	for _, f := range parseDir(t, false) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || used[fn.Name.Name] || exempt[fn.Name.Name] != "" ||
				isGetter(fn) || hidden(fn) {
				continue
			}
			missing = append(missing, receiverName(fn)+fn.Name.Name)
		}
	}
	if slices.Sort(missing); len(missing) > 0 {
		t.Errorf("no example calls %s", strings.Join(missing, ", "))
	}
}

// exampleOrHelper reports whether a function is an example or what examples have in common.
func exampleOrHelper(fn *ast.FuncDecl) bool {
	switch fn.Name.Name {
	case "home", "run", "story", "verdict":
		return true
	}
	return strings.HasPrefix(fn.Name.Name, "Example")
}

// parseDir parses the package's tests, or the rest of it.
func parseDir(t *testing.T, tests bool) []*ast.File {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") != tests {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// isGetter: no parameters, and the body only returns something that is there.
func isGetter(fn *ast.FuncDecl) bool {
	if fn.Type.Params.NumFields() > 0 || len(fn.Body.List) != 1 {
		return false
	}
	r, ok := fn.Body.List[0].(*ast.ReturnStmt)
	return ok && len(r.Results) > 0
}

// hidden: a method of a type that is not exported.
func hidden(fn *ast.FuncDecl) bool {
	name := receiverName(fn)
	return name != "" && !ast.IsExported(name)
}

func receiverName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	x := fn.Recv.List[0].Type
	if s, ok := x.(*ast.StarExpr); ok {
		x = s.X
	}
	if id, ok := x.(*ast.Ident); ok {
		return id.Name + "."
	}
	return ""
}

// COOKBOOK.md is made of the recipes' source: what it shows is compiled, and runs.
func TestCookbook(t *testing.T) {
	src, err := os.ReadFile("cookbook_test.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "cookbook_test.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(cookbookHead)
	n := 0
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "TestRecipe") {
			continue
		}
		n++
		title, text, _ := strings.Cut(strings.TrimSpace(fn.Doc.Text()), "\n")
		code := string(src[fset.Position(fn.Pos()).Offset:fset.Position(fn.End()).Offset])
		b.WriteString("\n## " + strings.TrimSuffix(title, ".") + "\n")
		if text = strings.TrimSpace(text); text != "" {
			b.WriteString("\n" + text + "\n")
		}
		b.WriteString("\n```go\n" + code + "\n```\n")
	}
	if n < 12 {
		t.Errorf("%d recipes, want at least 12", n)
	}
	sim.GoldenText(t, "../../COOKBOOK.md", b.String())
}

const cookbookHead = `# Cookbook

Questions that users of MQTT clients really ask, each as a test. The tests run with the package's
own (cookbook_test.go, of which this file is made). Copy one into a module that knows halfopen
(see the README), add

    import (
    	"testing"
    	"time"

    	"halfopen/netmodel"
    	"halfopen/sim"
    )

and change it. MQTT 5 is in package paho5, random faults are in package chaos.
`
