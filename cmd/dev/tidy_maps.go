package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// mapRanges finds loops over maps in netmodel: their order is random, and the model's must not be.
// Only the types tell, so that this is the one rule that needs them; the package imports nothing
// but the standard library.
func mapRanges(dir string) ([]finding, error) {
	set := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, p, nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: importer.ForCompiler(set, "source", nil)}
	if _, err := config.Check("halfopen/"+dir, set, files, info); err != nil {
		return nil, err
	}
	var out []finding
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			loop, ok := n.(*ast.RangeStmt)
			if !ok {
				return true
			}
			if _, isMap := info.Types[loop.X].Type.Underlying().(*types.Map); isMap {
				at := set.Position(loop.Pos())
				out = append(out, finding{filepath.ToSlash(at.Filename), at.Line,
					"loop over a map: its order is random; keep a slice beside it"})
			}
			return true
		})
	}
	slices.SortFunc(out, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	return out, nil
}
