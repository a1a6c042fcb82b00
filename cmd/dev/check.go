package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// step is one thing that must hold. It returns what it has to say, and an error if it does not
// hold.
type step struct {
	name, what string
	run        func(c *checker) (string, error)
}

// skip is the error of a step that cannot run on this machine.
type skip struct{ why string }

func (s skip) Error() string { return s.why }

// checker is what the steps share.
type checker struct {
	ctx  context.Context
	dir  string // for programs and files of this run
	bin  string // cmd/halfopen, built on first use
	list []string
	// failed says what failed and how, once more at the end: a log may keep only its last lines.
	failed []string
}

// ci reports whether everything must run: what is skipped fails.
func ci() bool { return os.Getenv("HALFOPEN_CI") == "1" }

// runCheck runs all steps, or those named.
func runCheck(ctx context.Context, args []string) error {
	chosen := steps
	if len(args) > 0 {
		chosen = nil
		for _, a := range args {
			i := slices.IndexFunc(steps, func(s step) bool { return s.name == a })
			if i < 0 {
				return fmt.Errorf("check: no step %q; there are %s", a, stepNames())
			}
			chosen = append(chosen, steps[i])
		}
	}
	dir, err := os.MkdirTemp("", "halfopen-check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := &checker{ctx: ctx, dir: dir}
	var passed, failed, skipped int
	for _, s := range chosen {
		switch c.step(s) {
		case "ok":
			passed++
		case "skip":
			skipped++
		default:
			failed++
		}
	}
	if skipped > 0 {
		fmt.Printf("%d skipped (HALFOPEN_CI=1 makes that a failure)\n", skipped)
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	for _, f := range c.failed {
		fmt.Println(f)
	}
	if failed > 0 {
		return errors.New("check failed")
	}
	return nil
}

// step runs one step and prints its line, and on failure what it says.
func (c *checker) step(s step) string {
	fmt.Printf("....  %-12s %s\n", s.name, s.what)
	began := time.Now()
	out, err := s.run(c)
	took := time.Since(began).Round(100 * time.Millisecond)
	var sk skip
	verdict := "ok"
	switch {
	case errors.As(err, &sk) && !ci():
		verdict = "skip"
		fmt.Printf("skip  %-12s %s\n", s.name, sk.why)
		return verdict
	case err != nil:
		verdict = "FAIL"
	}
	fmt.Printf("%-5s %-12s %v\n", verdict, s.name, took)
	if out = strings.TrimSpace(out); out != "" {
		fmt.Println("      " + strings.ReplaceAll(out, "\n", "\n      "))
	}
	if err != nil {
		why := "      " + strings.ReplaceAll(err.Error(), "\n", "\n      ")
		fmt.Println(why)
		c.failed = append(c.failed, "FAIL  "+s.name+"\n"+why)
	}
	return verdict
}

func stepNames() string {
	var n []string
	for _, s := range steps {
		n = append(n, s.name)
	}
	return strings.Join(n, " ")
}

// cmd runs a program; its output is in the error if it fails. env entries have the form NAME=value.
func (c *checker) cmd(env []string, name string, args ...string) (string, error) {
	x := exec.CommandContext(c.ctx, name, args...)
	x.Env = append(os.Environ(), env...)
	b, err := x.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, tail(string(b)))
	}
	return string(b), nil
}

// tail keeps the last lines of a long output, without what go test -v says of tests that began,
// went on and passed.
func tail(s string) string {
	const lines = 30
	l := slices.DeleteFunc(strings.Split(strings.TrimSpace(s), "\n"), func(line string) bool {
		return goTestNoise.MatchString(line)
	})
	if len(l) > lines {
		l = append([]string{"..."}, l[len(l)-lines:]...)
	}
	return strings.Join(l, "\n")
}

var goTestNoise = regexp.MustCompile(`^\s*(=== (RUN|PAUSE|CONT|NAME)|--- PASS)`)

// need skips a step whose program is not installed.
func need(programs ...string) error {
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			return skip{p + " is not installed"}
		}
	}
	return nil
}
