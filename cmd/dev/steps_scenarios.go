package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// halfopen builds the command once.
func (c *checker) halfopen() (string, error) {
	if c.bin != "" {
		return c.bin, nil
	}
	bin := filepath.Join(c.dir, "halfopen")
	if _, err := c.cmd(nil, "go", "build", "-o", bin, "./cmd/halfopen"); err != nil {
		return "", err
	}
	c.bin = bin
	return bin, nil
}

// scenarios are the names of the built-in ones.
func (c *checker) scenarios() ([]string, error) {
	if c.list != nil {
		return c.list, nil
	}
	files, err := filepath.Glob("sim/scenarios/*.sim")
	if err != nil || len(files) == 0 {
		return nil, errors.Join(err, errors.New("no built-in scenarios in sim/scenarios"))
	}
	for _, f := range files {
		c.list = append(c.list, strings.TrimSuffix(filepath.Base(f), ".sim"))
	}
	return c.list, nil
}

// trace writes a scenario's trace in a format to a file, and returns its path.
func (c *checker) trace(name, format string, env []string, run ...string) (string, error) {
	out := filepath.Join(c.dir, fmt.Sprintf("%s-%d.%s", name, len(run), format))
	args := append(run[1:], "run", name, "--format", format, "-o", out)
	_, err := c.cmd(env, run[0], args...)
	return out, err
}

// stepWasm runs every built-in scenario natively and compiled to js/wasm, and compares the traces.
func stepWasm(c *checker) (string, error) {
	if err := need("node"); err != nil {
		return "", err
	}
	bin, err := c.halfopen()
	if err != nil {
		return "", err
	}
	names, err := c.scenarios()
	if err != nil {
		return "", err
	}
	js := []string{"GOOS=js", "GOARCH=wasm"}
	program := filepath.Join(c.dir, "halfopen.wasm")
	if _, err := c.cmd(js, "go", "build", "-o", program, "./cmd/halfopen"); err != nil {
		return "", err
	}
	root, err := c.cmd(nil, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	runner := filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec_node.js")
	for _, name := range names {
		native, err := c.trace(name, "jsonl", nil, bin)
		if err != nil {
			return "", err
		}
		wasm, err := c.trace(name, "jsonl", nil, "node", "--stack-size=8192", runner, program)
		if err != nil {
			return "", err
		}
		if err := sameFile(native, wasm); err != nil {
			return "", fmt.Errorf("%s: native and wasm differ: %w", name, err)
		}
	}
	return fmt.Sprintf("%d scenarios", len(names)), nil
}

// sameFile compares two text files, and shows the first line that differs.
func sameFile(a, b string) error {
	x, err := os.ReadFile(a)
	if err != nil {
		return err
	}
	y, err := os.ReadFile(b)
	if err != nil {
		return err
	}
	if len(x) == 0 {
		return errors.New("the trace is empty")
	}
	if bytes.Equal(x, y) {
		return nil
	}
	lx, ly := bytes.Split(x, []byte("\n")), bytes.Split(y, []byte("\n"))
	for i := range min(len(lx), len(ly)) {
		if !bytes.Equal(lx[i], ly[i]) {
			return fmt.Errorf("line %d\n%s\n%s", i+1, lx[i], ly[i])
		}
	}
	return fmt.Errorf("%d lines and %d lines", len(lx), len(ly))
}

// repetitions of the determinism check.
const repetitions = "200"

// stepRuns has the command compare many runs of each scenario, started with one and two threads.
func stepRuns(c *checker) (string, error) {
	bin, err := c.halfopen()
	if err != nil {
		return "", err
	}
	names, err := c.scenarios()
	if err != nil {
		return "", err
	}
	for _, name := range names {
		for _, procs := range []string{"1", "2"} {
			if _, err := c.cmd([]string{"GOMAXPROCS=" + procs}, bin, "run", name, "--runs",
				repetitions, "--format", "summary"); err != nil {
				return "", fmt.Errorf("GOMAXPROCS=%s: %w", procs, err)
			}
		}
	}
	return fmt.Sprintf("%d scenarios", len(names)), nil
}
