package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// asCommand has the test binary be the command itself.
const asCommand = "HALFOPEN_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// TestScripts runs the command as users do. A script is a txtar archive, read as testscript reads
// it (of which a dozen commands are enough here): lines of commands, then files.
//
//	exec halfopen ARG...         runs it, and it must succeed; ! exec: must fail
//	exits CODE halfopen ARG...   runs it, and it must end with that code
//	stdin FILE           what the next command reads
//	env NAME=VALUE       for the commands that follow
//	stdout RE, stderr RE a line of the last command's output matches; ! stdout RE: none does
//	exists FILE, cmp A B, cp A B   files; stdout as a file name is the last output
//	oneline              the last command's standard error is one line: a clear error, and no more
//	megabytes N FILE     writes so many, which begin like a scenario
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s := &script{t: t, dir: t.TempDir()}
			for i, line := range strings.Split(s.unpack(string(text)), "\n") {
				s.where = f + ":" + strconv.Itoa(i+1)
				s.line(line)
			}
		})
	}
}

type script struct {
	t              *testing.T
	dir, where     string
	env            []string
	stdin          string
	stdout, stderr string
}

// unpack writes the files of an archive and returns what stands before them.
func (s *script) unpack(text string) string {
	header := regexp.MustCompile(`(?m)^-- (\S+) --\n`)
	at := header.FindAllStringSubmatchIndex(text, -1)
	if at == nil {
		return text
	}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		s.write(text[m[2]:m[3]], text[m[1]:end])
	}
	return text[:at[0][0]]
}

func (s *script) fatalf(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf(s.where+": "+format, args...)
}

func (s *script) write(name, text string) {
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *script) read(name string) string {
	if name == "stdout" {
		return s.stdout
	}
	b, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.fatalf("%v", err)
	}
	return string(b)
}

// words splits a line at blanks; quotes hold words together.
func words(line string) []string {
	var out []string
	for _, w := range regexp.MustCompile(`'[^']*'|[^\s']+`).FindAllString(line, -1) {
		out = append(out, strings.Trim(w, "'"))
	}
	return out
}

func (s *script) line(line string) {
	w := words(line)
	if len(w) == 0 || strings.HasPrefix(w[0], "#") {
		return
	}
	not := w[0] == "!"
	if not {
		w = w[1:]
	}
	switch w[0] {
	case "exec":
		if code := s.run(w[2:]); (code == 0) == not {
			s.fatalf("exit code %d\n%s", code, s.stderr)
		}
	case "exits":
		if code := s.run(w[3:]); strconv.Itoa(code) != w[1] {
			s.fatalf("exit code %d, want %s\n%s", code, w[1], s.stderr)
		}
	case "stdout":
		s.match(s.stdout, w[1], not)
	case "stderr":
		s.match(s.stderr, w[1], not)
	case "oneline":
		if strings.Count(s.stderr, "\n") != 1 {
			s.fatalf("standard error is not one line:\n%.500s", s.stderr)
		}
	case "env":
		s.env = append(s.env, w[1])
	default:
		s.file(not, w)
	}
}

// file does the commands about files.
func (s *script) file(not bool, w []string) {
	switch w[0] {
	case "stdin":
		s.stdin = s.read(w[1])
	case "exists":
		if _, err := os.Stat(filepath.Join(s.dir, w[1])); (err == nil) == not {
			s.fatalf("%s: %v", w[1], err)
		}
	case "cp":
		s.write(w[2], s.read(w[1]))
	case "cmp":
		if s.read(w[1]) != s.read(w[2]) {
			s.fatalf("%s and %s differ", w[1], w[2])
		}
	case "megabytes":
		n, err := strconv.Atoi(w[1])
		if err != nil {
			s.fatalf("%v", err)
		}
		const line = "# a line of a comment\n"
		s.write(w[2], "broker hub\nclient phone\nlink phone hub\n"+
			strings.Repeat(line, n*1_000_000/len(line)+1))
	default:
		s.fatalf("unknown command %q", w[0])
	}
}

func (s *script) match(text, re string, not bool) {
	if regexp.MustCompile("(?m)"+re).MatchString(text) == not {
		s.fatalf("looked for %s in\n%.3000s", re, text)
	}
}

// run runs halfopen and returns its exit code.
func (s *script) run(args []string) int {
	self, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	var out, errs bytes.Buffer
	c := exec.Command(self, args...)
	c.Dir, c.Stdin, c.Stdout, c.Stderr = s.dir, strings.NewReader(s.stdin), &out, &errs
	c.Env = append(append(os.Environ(), asCommand+"=1", "LC_ALL=C"), s.env...)
	err = c.Run()
	s.stdin, s.stdout, s.stderr = "", out.String(), errs.String()
	if c.ProcessState == nil {
		s.t.Fatal(err)
	}
	return c.ProcessState.ExitCode()
}
