package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

var updateFlag = regexp.MustCompile(`flag\.Bool\("update"`)

// runGolden runs the tests of all packages that have an -update flag with it, and shows what
// changed.
func runGolden(ctx context.Context, args []string) error {
	dirs := args
	if len(dirs) == 0 {
		var err error
		if dirs, err = goldenPackages(); err != nil {
			return err
		}
	}
	for _, d := range dirs {
		c := exec.CommandContext(ctx, "go", "test", d, "-update")
		c.Stdout, c.Stderr = os.Stdout, os.Stderr
		if err := c.Run(); err != nil {
			return fmt.Errorf("golden: %s: %w", d, err)
		}
	}
	c := exec.CommandContext(ctx, "git", "diff", "--stat")
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	fmt.Println("Read git diff now; commit only what you can explain.")
	return c.Run()
}

// goldenPackages are the folders whose tests define -update.
func goldenPackages() ([]string, error) {
	files, err := sources()
	if err != nil {
		return nil, err
	}
	var out []string
	seen := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		if d := "./" + filepath.ToSlash(filepath.Dir(f)); updateFlag.Match(b) && !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	return out, nil
}
