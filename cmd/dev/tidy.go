package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the house (sim/DESIGN.md).
const (
	maxColumns   = 100
	maxFunction  = 60  // lines, with the braces
	maxFile      = 300 // lines
	maxTestFile  = 500
	shortestDocs = 8 // characters that a comment must have to say anything
)

// finding is one breach of a rule, with what to do instead.
type finding struct {
	file string
	line int
	text string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text) }

func runTidy(_ context.Context, args []string) error {
	if slices.Contains(args, "-fix") {
		files, err := sources()
		if err != nil {
			return err
		}
		for _, f := range files {
			if !chosen(f, args) {
				continue
			}
			if changed, err := fixComments(f); err != nil {
				return err
			} else if changed {
				fmt.Println("comments set anew:", f)
			}
		}
	}
	found, err := tidy()
	if err != nil {
		return err
	}
	for _, f := range found {
		fmt.Println(f)
	}
	if len(found) > 0 {
		return fmt.Errorf("tidy: %d findings", len(found))
	}
	return nil
}

// chosen reports whether a file lies under one of the folders among the arguments, or there are
// none.
func chosen(file string, args []string) bool {
	any := false
	for _, a := range args {
		if a != "-fix" {
			any = true
			if strings.HasPrefix(file, strings.TrimPrefix(a, "./")) {
				return true
			}
		}
	}
	return !any
}

// toTop makes the module's top folder the current one: tests are started in their own.
func toTop() error {
	top, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return err
	}
	return os.Chdir(strings.TrimSpace(string(top)))
}

// sources are the Go files under version control or about to be.
func sources() ([]string, error) {
	if err := toTop(); err != nil {
		return nil, err
	}
	out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard",
		"--deduplicate", "*.go").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	var files []string
	for f := range strings.FieldsSeq(string(out)) {
		if _, err := os.Stat(f); err == nil {
			files = append(files, f)
		}
	}
	return files, nil
}

// tidy looks for breaches in all sources.
func tidy() ([]finding, error) {
	files, err := sources()
	if err != nil {
		return nil, err
	}
	if len(files) < 10 {
		return nil, errors.New("tidy: no sources found")
	}
	var out []finding
	dirs := map[string]bool{}
	hasDoc := map[string]bool{}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if !strings.HasSuffix(path, "_test.go") {
			dirs[dir] = true
			hasDoc[dir] = hasDoc[dir] || filepath.Base(path) == "doc.go"
		}
		found, err := tidyFile(filepath.ToSlash(path), b)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	for d := range dirs {
		if !hasDoc[d] && !strings.Contains(d, "testdata") {
			out = append(out, finding{d, 0, "no doc.go: write the package's map there"})
		}
	}
	loops, err := mapRanges("netmodel")
	if err != nil {
		loops = []finding{{"netmodel", 0, "does not compile: " + err.Error()}}
	}
	out = append(out, loops...)
	slices.SortFunc(out, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	return out, nil
}

// tidyFile checks one file.
func tidyFile(path string, src []byte) ([]finding, error) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, path, src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	if ast.IsGenerated(f) {
		return nil, nil
	}
	t := &tidier{path: path, set: set, test: strings.HasSuffix(path, "_test.go")}
	t.lines(string(src))
	for _, d := range f.Decls {
		t.decl(d)
	}
	ast.Inspect(f, t.node)
	return t.found, nil
}

type tidier struct {
	path  string
	set   *token.FileSet
	test  bool
	found []finding
}

func (t *tidier) add(at token.Pos, format string, args ...any) {
	t.found = append(t.found, finding{t.path, t.set.Position(at).Line, fmt.Sprintf(format, args...)})
}

// Words that have no place in finished work, or name the machine it was made on. Each is written so
// that it does not find itself.
var (
	unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	elsewhere  = regexp.MustCompile(`/wo` + `rk/|/tmp/br` + `ief|/ro` + `ot/|\bGOPRO` + `XY\b`)
)

func (t *tidier) lines(src string) {
	all := strings.Split(strings.TrimSuffix(src, "\n"), "\n")
	limit := maxFile
	if t.test {
		limit = maxTestFile
	}
	if len(all) > limit {
		t.found = append(t.found, finding{t.path, len(all),
			fmt.Sprintf("%d lines: split the file, one idea each (limit %d)", len(all), limit)})
	}
	for i, l := range all {
		say := func(text string) { t.found = append(t.found, finding{t.path, i + 1, text}) }
		if n := utf8.RuneCountInString(l); n > maxColumns && !strings.Contains(l, "://") &&
			!strings.HasPrefix(l, "//go:") {
			say(fmt.Sprintf("%d columns: break the line (limit %d)", n, maxColumns))
		}
		if w := unfinished.FindString(l); w != "" {
			say(w + ": finish it, or open an issue")
		}
		if w := elsewhere.FindString(l); w != "" {
			say(w + ": do not mention this machine")
		}
		if strings.TrimRight(l, " \t\r") != l && !strings.Contains(l, "`") && !t.test {
			say("trailing space")
		}
	}
}

// decl checks what is declared: lengths and comments.
func (t *tidier) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		from, to := t.set.Position(d.Pos()).Line, t.set.Position(d.End()).Line
		if n := to - from + 1; n > maxFunction {
			t.add(d.Pos(), "%s has %d lines: split it (limit %d)", d.Name.Name, n, maxFunction)
		}
		if !t.test && d.Name.IsExported() && receiverExported(d) && d.Doc == nil &&
			!plainMethod[d.Name.Name] {
			t.add(d.Pos(), "%s has no comment: say what it does and why", d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if !t.test && d.Doc == nil {
				t.spec(s)
			}
			t.fields(s)
		}
	}
}

// fields checks the comments of the fields that users of the test kit set and read: each says its
// unit, its range or its default.
func (t *tidier) fields(s ast.Spec) {
	kit := t.in("sim", "sim/chaos", "sim/export", "sim/metrics", "sim/paho5")
	x, ok := s.(*ast.TypeSpec)
	if !ok || t.test || !kit || !x.Name.IsExported() {
		return
	}
	st, ok := x.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			if n.IsExported() && f.Doc == nil && f.Comment == nil && !plainField[n.Name] {
				t.add(n.Pos(), "%s.%s has no comment: say its unit, range or default", x.Name.Name, n.Name)
			}
		}
	}
}

// plainField are fields whose names say all there is to say.
var plainField = map[string]bool{"Topic": true, "Payload": true, "Message": true}

// plainMethod are methods whose interface says all there is to say.
var plainMethod = map[string]bool{"String": true, "Error": true, "Unwrap": true, "Len": true,
	"Less": true, "Swap": true, "Read": true, "Write": true, "Close": true, "MarshalJSON": true,
	"UnmarshalJSON": true, "MarshalText": true, "UnmarshalText": true}

func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	e := d.Recv.List[0].Type
	if s, ok := e.(*ast.StarExpr); ok {
		e = s.X
	}
	if x, ok := e.(*ast.IndexExpr); ok {
		e = x.X
	}
	id, ok := e.(*ast.Ident)
	return ok && id.IsExported()
}

// spec checks the comments of an exported type, constant or variable without a comment on its
// group.
func (t *tidier) spec(s ast.Spec) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && s.Comment == nil {
			t.add(s.Pos(), "%s has no comment: say what it is", s.Name.Name)
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.IsExported() && s.Doc == nil && s.Comment == nil {
				t.add(n.Pos(), "%s has no comment: say what it is", n.Name)
			}
		}
	}
}
