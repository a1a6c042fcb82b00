package main

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// under reports whether the file lies in one of the folders.
func (t *tidier) under(dirs ...string) bool {
	for _, d := range dirs {
		if strings.HasPrefix(t.path, d+"/") {
			return true
		}
	}
	return false
}

// in reports whether the file is one of the folders' own.
func (t *tidier) in(dirs ...string) bool {
	return slices.Contains(dirs, path.Dir(t.path))
}

// node checks statements and calls: what would make the model depend on anything but its seed.
func (t *tidier) node(n ast.Node) bool {
	if t.test {
		return true
	}
	pure := t.under("netmodel") && !t.under("netmodel/speed") // that measures the model
	switch n := n.(type) {
	case *ast.GoStmt:
		if pure || t.under("render") && !t.under("render/paint") {
			t.add(n.Pos(), "go statement: the model and the picture are single-threaded")
		}
	case *ast.SelectorExpr:
		t.selector(n, pure)
	case *ast.ImportSpec:
		path, _ := strconv.Unquote(n.Path.Value)
		if pure && (path == "sync" || path == "sync/atomic" || path == "math/rand" ||
			path == "math/rand/v2" || path == "unsafe") && !t.under("netmodel/packetdrill") {
			t.add(n.Pos(), "%s in netmodel: no locks, no chance but the network's dice", path)
		}
	case *ast.Ident:
		if pure && (n.Name == "float64" || n.Name == "float32") && !t.floatAllowed() {
			t.add(n.Pos(), "floating point rounds differently between processors: use integers")
		}
	}
	return true
}

// floatAllowed: printing (time.go) and what runs scripts, where no model depends on it.
func (t *tidier) floatAllowed() bool {
	return t.path == "netmodel/time.go" || t.under("netmodel/packetdrill")
}

// selector checks uses of packages.
func (t *tidier) selector(s *ast.SelectorExpr, pure bool) {
	pkg, ok := s.X.(*ast.Ident)
	if !ok || pkg.Obj != nil { // a variable, not a package
		return
	}
	name := pkg.Name + "." + s.Sel.Name
	switch {
	case pure && (name == "time.Now" || name == "time.Sleep" || name == "time.After" ||
		name == "time.Since" || name == "time.NewTimer" || name == "time.AfterFunc"):
		t.add(s.Pos(), "%s in netmodel: the model is told the time", name)
	case pkg.Name == "rand" && topLevelRand[s.Sel.Name]:
		t.add(s.Pos(), "%s: chance comes from a seed; use a generator of your own", name)
	}
}

// topLevelRand are the functions of math/rand and math/rand/v2 that share a generator.
var topLevelRand = map[string]bool{"Int": true, "IntN": true, "Intn": true, "Int63": true,
	"Int64": true, "Int31": true, "Uint32": true, "Uint64": true, "Float64": true, "Float32": true,
	"Perm": true, "Shuffle": true, "N": true, "Seed": true, "NormFloat64": true, "ExpFloat64": true,
	"Int31n": true, "Int63n": true, "Int32N": true, "Int64N": true, "UintN": true}
