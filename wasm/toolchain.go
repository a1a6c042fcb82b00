package wasm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Programs says where the built files are.
type Programs struct{ Picture, Simulation, Exec string }

// Progress is told how far a build is: done of total packages of a program. Packages that the build
// cache has already are not counted before the end.
type Progress func(program string, done, total int)

// ErrNoSource means that the tree with the programs' source was not found.
var ErrNoSource = errors.New("the source tree of halfopen was not found: the page's two programs " +
	"are built from it.\nChange into the folder that holds halfopen's go.mod and try again, " +
	"or name it with --source")

// FindSource returns the root of the source tree that holds dir.
func FindSource(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if first, _, _ := strings.Cut(string(mod), "\n"); err == nil &&
			strings.TrimSpace(first) == "module halfopen" {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", ErrNoSource
		}
		dir = up
	}
}

// CacheDir is where built programs are kept between runs.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "halfopen")
	return dir, os.MkdirAll(dir, 0o755)
}

// Build builds both programs from the source tree at root into dir. The Go command's own cache
// makes it quick when nothing has changed.
func Build(ctx context.Context, root, dir string, report Progress) (Programs, error) {
	p := Programs{Picture: filepath.Join(dir, PictureName),
		Simulation: filepath.Join(dir, SimulationName), Exec: filepath.Join(dir, ExecName)}
	root, err := filepath.Abs(root)
	if err != nil {
		return p, err
	}
	slimmed, err := slim(ctx, root, dir)
	if err != nil {
		return p, err
	}
	for _, b := range []struct {
		pkg, out string
		flags    []string
	}{{"./wasm/picture", p.Picture, slimmed}, {"./wasm/simulation", p.Simulation, idle}} {
		if err := buildOne(ctx, root, b.pkg, b.out, b.flags, report); err != nil {
			return p, err
		}
	}
	return p, copyExec(ctx, root, p.Exec)
}

// goCommand is the Go command for the browser's target.
func goCommand(ctx context.Context, root string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = root
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=-mod=readonly")
	return c
}

// idle has the compiler copy no functions into their callers (-l) in packages that are linked but
// never run: paho and mochi import TLS, HTTP and what belongs to them. That is 140 kB after brotli.
// Trace hashes do run; of several patterns the last one that matches counts.
var idle = []string{"-gcflags=crypto/...=-l", "-gcflags=net/...=-l", "-gcflags=vendor/...=-l",
	"-gcflags=crypto/internal/fips140/sha256="}

func buildOne(
	ctx context.Context, root, pkg, out string, flags []string, report Progress,
) error {
	name := filepath.Base(out)
	args := append(append([]string{"list", "-deps"}, flags...), pkg)
	deps, err := goCommand(ctx, root, args...).Output()
	if err != nil {
		return failed(name, err, nil)
	}
	total := bytes.Count(deps, []byte("\n"))
	// -s -w: no debugger's tables, half the size; stack traces stay readable. nethttpomithttp2 is
	// net/http's own tag: paho links net/http for websockets, and HTTP/2 would weigh 100 kB for
	// nobody.
	args = append([]string{"build", "-v", "-trimpath", "-tags=nethttpomithttp2",
		"-ldflags=-s -w", "-o", out}, append(flags, pkg)...)
	c := goCommand(ctx, root, args...)
	pipe, err := c.StderrPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return failed(name, err, nil)
	}
	said := follow(pipe, name, total, report)
	if err := c.Wait(); err != nil {
		return failed(name, err, said)
	}
	report(name, total, total)
	return nil
}

// follow counts the packages that `go build -v` names, and returns everything else it says.
func follow(r io.Reader, name string, total int, report Progress) []byte {
	var said bytes.Buffer
	done := 0
	for lines := bufio.NewScanner(r); lines.Scan(); {
		line := lines.Text()
		if strings.ContainsAny(line, " #:") || line == "" {
			fmt.Fprintln(&said, line)
			continue
		}
		done++
		report(name, min(done, total), total)
	}
	return said.Bytes()
}

func failed(name string, err error, said []byte) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("building %s needs the Go toolchain (the command go): %w", name, err)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(said) == 0 {
		said = exit.Stderr
	}
	return fmt.Errorf("building %s: %w\n%s", name, err, bytes.TrimSpace(said))
}

// copyExec takes wasm_exec.js from the toolchain that built the programs: the two belong together.
func copyExec(ctx context.Context, root, to string) error {
	out, err := goCommand(ctx, root, "env", "GOROOT").Output()
	if err != nil {
		return failed(ExecName, err, nil)
	}
	from := filepath.Join(strings.TrimSpace(string(out)), "lib", "wasm", ExecName)
	data, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("the Go toolchain lacks its WebAssembly support file: %w", err)
	}
	return os.WriteFile(to, data, 0o644)
}
