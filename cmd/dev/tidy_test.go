package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSourcesKeepTheHouseRules(t *testing.T) {
	found, err := tidy()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

func TestDependenciesPointDownward(t *testing.T) {
	bad, err := badArrows()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bad {
		t.Error(b)
	}
}

// A rule that finds nothing in a bad file checks nothing.
func TestTidyFindsBreaches(t *testing.T) {
	src := "package netmodel\n\nimport (\n\t\"math/rand\"\n\t\"sync\"\n\t\"time\"\n)\n\n" +
		"func Exported() float64 {\n\tgo func() {}()\n\ttime.Sleep(1)\n\t_ = time.Now()\n" +
		"\tvar m sync.Mutex // TO" + "DO\n\t_ = m\n\treturn float64(rand.Intn(3))\n}\n\n" +
		"// " + strings.Repeat("x", 110) + "\n// see /wo" + "rk/main\ntype Thing int \n" +
		"func long() {\n" + strings.Repeat("\n", 70) + "}\n"
	found, err := tidyFile("netmodel/bad.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range found {
		all = append(all, f.text)
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"go statement", "time.Sleep in netmodel", "time.Now in netmodel",
		"Exported has no comment", "rand.Intn: chance", "sync in netmodel", "TO" + "DO: finish",
		"columns: break", "do not mention", "trailing space", "long has 72 lines",
		"floating point"} {
		if !strings.Contains(text, want) {
			t.Errorf("not found: %s", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// What users of the test kit set and read has a comment of its own.
func TestTidyFindsBareFields(t *testing.T) {
	src := "package sim\n\n// Match chooses segments.\ntype Match struct {\n\tPacket string\n" +
		"\tNext int // how many; 0: all\n\thidden int\n}\n"
	for path, want := range map[string]int{"sim/bad.go": 1, "sim/trace/bad.go": 0} {
		found, err := tidyFile(path, []byte(src))
		if err != nil || len(found) != want {
			t.Errorf("%s: %v, %v, want %d", path, found, err, want)
		}
	}
}

func TestTidyFindsLoopsOverMaps(t *testing.T) {
	dir := t.TempDir()
	src := "package p\n\nfunc f(m map[int]int) {\n\tfor range m {\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	found, err := mapRanges(dir)
	if err != nil || len(found) != 1 || found[0].line != 4 {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestLongCommentsAreSetAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.go")
	long := strings.TrimSpace(strings.Repeat("word ", 30))
	src := "package x\n\n// Short.\n//\n// " + long + "\n// tail\n//   kept  as it is\nvar x int\n"
	if err := os.WriteFile(path, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	if changed, err := fixComments(path); !changed || err != nil {
		t.Fatal(changed, err)
	}
	b, _ := os.ReadFile(path)
	for l := range strings.SplitSeq(string(b), "\n") {
		if len(l) > maxColumns {
			t.Errorf("still long: %s", l)
		}
	}
	if got := string(b); strings.Count(got, "word") != 30 || !strings.Contains(got, "word tail\n") ||
		!strings.Contains(got, "//   kept  as it is\n") {
		t.Errorf("got\n%s", got)
	}
}
