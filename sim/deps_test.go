package sim_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// closures are the modules that paho.mqtt.golang and mochi-mqtt/server bring along for what sim
// uses of them. A test that uses sim compiles nothing foreign beyond these.
var closures = []string{
	"github.com/eclipse/paho.mqtt.golang", "github.com/mochi-mqtt/server/v2",
	"github.com/gorilla/websocket", "github.com/rs/xid", "golang.org/x/net", "golang.org/x/sync",
}

// foreign lists the packages outside the standard library and this module that a package is built
// of.
func foreign(t *testing.T, pkg string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", pkg)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	var list []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "halfopen") {
			list = append(list, line)
		}
	}
	return list
}

// belongs reports whether a package is in one of the modules.
func belongs(pkg string, modules ...string) bool {
	for _, m := range modules {
		if pkg == m || strings.HasPrefix(pkg, m+"/") {
			return true
		}
	}
	return false
}

func TestNothingForeignIsCompiledIn(t *testing.T) {
	for pkg, extra := range map[string][]string{
		"halfopen/sim":       nil,
		"halfopen/sim/chaos": {"pgregory.net/rapid"},
		"halfopen/sim/paho5": {"github.com/eclipse/paho.golang"},
	} {
		seen := make(map[string]bool)
		for _, dep := range foreign(t, pkg) {
			if !belongs(dep, append(extra, closures...)...) {
				t.Errorf("%s compiles in %s", pkg, dep)
			}
			for _, m := range extra {
				seen[m] = seen[m] || belongs(dep, m)
			}
		}
		for _, m := range extra {
			if !seen[m] {
				t.Errorf("%s does not use %s: is this test out of date?", pkg, m)
			}
		}
	}
}

// readmeCommands are the literal lines of the README between a marker and the end of the next code
// block, with the path of this module filled in.
func readmeCommands(t *testing.T, marker, root string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), marker)
	_, block, ok2 := strings.Cut(rest, "```sh\n")
	block, _, ok3 := strings.Cut(block, "\n```")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("README.md has no block of commands behind %q", marker)
	}
	return strings.Split(strings.ReplaceAll(block, "/path/to/halfopen", root), "\n")
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// shell runs a command line in a directory, without the workspace and the flags of this process.
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

const consumerTest = `package door

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

func TestDoor(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		radio.Cut().For(2 * time.Minute)
		time.Sleep(10 * time.Minute)
		w.Expect(t, sim.Reconnects(phone).Exactly(1))
	})
}
`

// A module outside this one, made with the README's own lines, builds and passes.
func TestConsumerModule(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	root, dir := moduleRoot(t), t.TempDir()
	shell(t, dir, "go mod init example.com/door")
	file := filepath.Join(dir, "door_test.go")
	if err := os.WriteFile(file, []byte(consumerTest), 0o666); err != nil {
		t.Fatal(err)
	}
	writeShown(t, root, dir)
	for _, line := range readmeCommands(t, "<!-- use from another module -->", root) {
		shell(t, dir, line)
	}
	out := shell(t, dir, "go test -v ./...")
	wantAll(t, out, "--- PASS: TestDoor ", "--- PASS: TestReadme ", "--- PASS: TestNoticesDeadLine ",
		"ok  \texample.com/door")
}

// writeShown writes the code that the README and the package's documentation show, as tests.
func writeShown(t *testing.T, root, dir string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\n")
	snippet, _, ok := strings.Cut(rest, "```")
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok2 := strings.Cut(string(doc), "# A first test\n//\n")
	first, _, ok3 := strings.Cut(rest, "\n//\n")
	if !ok || !ok2 || !ok3 {
		t.Fatal("README.md or doc.go shows no code")
	}
	head, _, _ := strings.Cut(consumerTest, "func TestDoor")
	for name, code := range map[string]string{
		"readme_test.go": "func TestReadme(t *testing.T) {\n" + snippet + "}\n",
		"doc_test.go":    strings.ReplaceAll("\n"+first, "\n//", "\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(head+code), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// The libraries' versions are the user's choice: with the oldest ones that have what sim needs, it
// builds and works. It needs a module proxy, so only CI runs it.
func TestOldestLibraries(t *testing.T) {
	if os.Getenv("HALFOPEN_CI") == "" {
		t.Skip("set HALFOPEN_CI to run it: it downloads modules")
	}
	for _, replaced := range []string{
		"github.com/eclipse/paho.mqtt.golang=github.com/eclipse/paho.mqtt.golang@v1.4.0",
		"github.com/mochi-mqtt/server/v2=github.com/mochi-mqtt/server/v2@v2.4.0",
	} {
		t.Run(replaced, func(t *testing.T) {
			root, dir := moduleRoot(t), t.TempDir()
			shell(t, dir, "go mod init example.com/door")
			file := filepath.Join(dir, "door_test.go")
			if err := os.WriteFile(file, []byte(consumerTest), 0o666); err != nil {
				t.Fatal(err)
			}
			shell(t, dir, "go mod edit -replace="+replaced)
			for _, line := range readmeCommands(t, "<!-- use from another module -->", root) {
				shell(t, dir, line)
			}
			shell(t, dir, "go test ./...")
		})
	}
}
