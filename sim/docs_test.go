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
	var b strings.Builder
	b.WriteString(cookbookHead)
	n := 0
	for _, file := range []string{"cookbook_test.go", "cookbook_own_test.go"} {
		n += recipes(t, &b, file)
	}
	if n < 12 {
		t.Errorf("%d recipes, want at least 12", n)
	}
	sim.GoldenText(t, "../../COOKBOOK.md", b.String())
}

// recipes prints the recipes in a file, each with what it declares before it, and counts them.
func recipes(t *testing.T, b *strings.Builder, file string) (n int) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	text := func(from, to token.Pos) string {
		return string(src[fset.Position(from).Offset:fset.Position(to).Offset])
	}
	code := ""
	for _, d := range f.Decls {
		from := d.Pos()
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
		case *ast.FuncDecl:
			if strings.HasPrefix(d.Name.Name, "TestRecipe") {
				n++
				title, prose, _ := strings.Cut(strings.TrimSpace(d.Doc.Text()), "\n")
				b.WriteString("\n## " + strings.TrimSuffix(title, ".") + "\n")
				if prose = strings.TrimSpace(prose); prose != "" {
					b.WriteString("\n" + prose + "\n")
				}
				b.WriteString("\n```go\n" + code + text(from, d.End()) + "\n```\n")
				code = ""
				continue
			}
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
		}
		code += text(from, d.End()) + "\n\n"
	}
	return n
}

const cookbookHead = `# Cookbook

Questions that users of MQTT clients really ask, each as a test. The tests run with the package's
own (cookbook_test.go and cookbook_own_test.go, of which this file is made). Copy one into a module
that knows halfopen (see the README), add

    import (
    	"testing"
    	"time"

    	"halfopen/netmodel"
    	"halfopen/sim"
    )

and what else it names, and change it. Around code of your own are the last ones, and those about
TLS, WebSocket and your own protocol. Random faults are in package chaos.
`
