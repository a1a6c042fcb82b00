package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The ladder in the README's first screen is the one that its first command prints.
func TestReadmeShowsTheRun(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "<!-- ladder of seed -->\n```\n")
	block, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the README has no ladder behind its marker")
	}
	ladder := string(command(t, "run", "seed", "--format", "ladder"))
	for _, line := range strings.Split(strings.TrimRight(block, "\n"), "\n") {
		_, after, found := strings.Cut(ladder, line)
		if !found {
			t.Fatalf("the run does not print this, or not here:\n%s", line)
		}
		ladder = after
	}
}

// NOTICE names every module whose code is linked into a program or a test.
func TestNoticeNamesEveryModule(t *testing.T) {
	notice, err := os.ReadFile("../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "list", "-deps", "-test", "-f", "{{with .Module}}{{.Path}}{{end}}",
		"halfopen/...").Output()
	if err != nil {
		t.Skip("no command go here: ", err)
	}
	for _, path := range strings.Fields(string(out)) {
		parts := strings.Split(path, "/") // github.com/OWNER/NAME, golang.org/x/NAME
		if path == "halfopen" || len(parts) < 2 {
			continue
		}
		name := strings.Join(parts[1:min(3, len(parts))], "/")
		if !strings.Contains(string(notice), name) {
			t.Errorf("NOTICE does not name %s", path)
		}
	}
}

var update = flag.Bool("update", false, "draw the README's picture again")

// The picture in the README is of today's run: the old connection's PUBLISH on its way to a client
// that has done with it.
func TestReadmePictureIsOfTheRun(t *testing.T) {
	const path = "testdata/seed.svg"
	got := command(t, "run", "seed", "--format", "svg", "--time", "186.09s")
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not of today's run: look at what has changed, then run this test with -update",
			path)
	}
}

// command runs halfopen in a process of its own and returns what it printed.
func command(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1", "NO_COLOR=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
