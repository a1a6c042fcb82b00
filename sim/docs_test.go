package sim_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
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

// kit are the folders of the packages that users import.
var kit = []string{".", "chaos", "export", "metrics", "paho5"}

// exemptOf are exempt names of the packages beside this one.
var exemptOf = map[string]string{
	"chaos.Test": "wants a *testing.T", "chaos.Replay": "as Test",
	"chaos.T": "its methods are those of testing.T, and Trouble is in the package's overview",
}

// TestEveryNameHasAnExample looks for exported functions and methods that no Example calls.
func TestEveryNameHasAnExample(t *testing.T) {
	for _, dir := range kit {
		used := usedByExamples(parseDir(t, dir, true))
		var missing []string
		for _, f := range parseDir(t, dir, false) {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || !fn.Name.IsExported() || used[fn.Name.Name] || isGetter(fn) || hidden(fn) ||
					isExempt(dir, fn) {
					continue
				}
				missing = append(missing, receiverName(fn)+fn.Name.Name)
			}
		}
		if slices.Sort(missing); len(missing) > 0 {
			t.Errorf("%s: no example calls %s", dir, strings.Join(missing, ", "))
		}
	}
}

func isExempt(dir string, fn *ast.FuncDecl) bool {
	if fn.Name.Name == "String" || fn.Name.Name == "GoString" { // fmt calls them
		return true
	}
	if dir == "." {
		return exempt[fn.Name.Name] != ""
	}
	first, _, _ := strings.Cut(receiverName(fn)+fn.Name.Name, ".")
	return exemptOf[dir+"."+first] != "" || exempt[fn.Name.Name] != "" && fn.Recv != nil
}

// usedByExamples are the names that examples, and what they have in common, select.
func usedByExamples(files []*ast.File) map[string]bool {
	used := make(map[string]bool)
	for _, f := range files {
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
	return used
}

// exampleOrHelper reports whether a function is an example or what examples have in common.
func exampleOrHelper(fn *ast.FuncDecl) bool {
	switch fn.Name.Name {
	case "home", "run", "story", "verdict", "ownProtocol", "outage", "connect":
		return true
	}
	return strings.HasPrefix(fn.Name.Name, "Example")
}

// parseDir parses a package's tests, or the rest of it.
func parseDir(t *testing.T, dir string, tests bool) []*ast.File {
	t.Helper()
	names, err := fs.Glob(os.DirFS(dir), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") != tests {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
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
