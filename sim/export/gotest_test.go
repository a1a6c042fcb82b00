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

// Every built-in scenario, exported, compiles in a fresh module and passes there.
func TestExportsPass(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range scenarios.Names() {
		s, _ := scenarios.Get(name)
		src, err := export.GoTest(s)
		if err != nil {
			t.Fatal(err)
		}
		pkg := filepath.Join(dir, name)
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
	if n := strings.Count(out, "ok  \texample.com/exported/"); n != len(scenarios.Names()) {
		t.Errorf("%d of %d exported tests pass:\n%s", n, len(scenarios.Names()), out)
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
