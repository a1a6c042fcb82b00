package export_test

import (
	"bytes"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"halfopen/sim/export"
	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
)

// everyFault is a scenario in which every fault happens.
func everyFault(t *testing.T) *scenario.Scenario {
	t.Helper()
	text, err := os.ReadFile("testdata/every-fault.sim")
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Parse("every-fault", string(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The scenario keeps its promise: a new fault has to be in it.
func TestEveryFaultIsThere(t *testing.T) {
	used := make(map[string]bool)
	for _, st := range everyFault(t).Statements {
		used[st.Verb] = true
	}
	for _, v := range scenario.Verbs {
		if v.Class == scenario.Fault && !used[v.Name] {
			t.Errorf("testdata/every-fault.sim lacks %s", v.Name)
		}
	}
}

// Every built-in scenario, and one with every fault, compiles in a fresh module when it is
// exported, and passes there.
func TestExportsPass(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	list := []*scenario.Scenario{everyFault(t)}
	for _, name := range scenarios.Names() {
		s, _ := scenarios.Get(name)
		list = append(list, s)
	}
	for _, s := range list {
		src, err := export.GoTest(s)
		if err != nil {
			t.Fatal(err)
		}
		pkg := filepath.Join(dir, s.Name)
		if err := os.MkdirAll(pkg, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(pkg, "scenario_test.go"), src, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	shell(t, dir, "go mod init example.com/exported")
	for line := range strings.Lines(export.UseLines) {
		shell(t, dir, strings.ReplaceAll(line, "/path/to/halfopen", root))
	}
	out := shell(t, dir, "go test ./...")
	if n := strings.Count(out, "ok  \texample.com/exported/"); n != len(list) {
		t.Errorf("%d of %d exported tests pass:\n%s", n, len(list), out)
	}
}

func shell(t *testing.T, dir, line string) string {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "SIM_SEED=", "SIM_SEEDS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	return string(out)
}

// The README has the same lines as every export.
func TestUseLinesAreTheReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```sh\n"+export.UseLines+"\n```") {
		t.Errorf("README.md lacks the block\n%s", export.UseLines)
	}
}

// Names of files become names of Go; text that a raw string cannot hold is quoted.
func TestGoTestOfAnyName(t *testing.T) {
	for name, want := range map[string]string{"seed-short": "func TestSeedShort(",
		"dir/2nd.sim": "func TestScenario2nd(", "あ": "func TestScenario(",
		"range": "package ranges\n", "a \"b\"\nc": "func TestABC("} {
		s, err := scenario.Parse(name, "run 1s\nhost a # a `quoted` word\n")
		if err != nil {
			t.Fatal(err)
		}
		src, err := export.GoTest(s)
		if text := string(src); err != nil || !strings.Contains(text, want) ||
			!strings.Contains(text, "`quoted`") {
			t.Errorf("%s: %v\n%s", name, err, src)
		}
		formatted(t, src)
	}
}

// What is written is in gofmt's form, for every built-in scenario.
func TestGoTestIsFormatted(t *testing.T) {
	for _, name := range scenarios.Names() {
		s, _ := scenarios.Get(name)
		src, err := export.GoTest(s)
		if err != nil {
			t.Fatal(err)
		}
		formatted(t, src)
	}
}

func formatted(t *testing.T, src []byte) {
	t.Helper()
	if want, err := format.Source(src); err != nil || !bytes.Equal(src, want) {
		t.Errorf("gofmt would write (%v):\n%s\ninstead of:\n%s", err, want, src)
	}
}
