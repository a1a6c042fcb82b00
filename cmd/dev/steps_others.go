package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// stepBrowser uses the page in Chromium. Its tests skip themselves where something is missing, so
// that this looks at what they say.
func stepBrowser(c *checker) (string, error) {
	if err := needOne("chromium", "chromium-browser", "google-chrome"); err != nil {
		return "", err
	}
	out, err := c.cmd(nil, "go", "test", "-count=1", "-v", "-timeout", "30m", "./wasm/browser/...")
	if err != nil {
		return "", err
	}
	return verdicts(out)
}

// stepWindow uses the window at an X server without a screen.
func stepWindow(c *checker) (string, error) {
	if err := hasX11(c); err != nil {
		return "", err
	}
	if err := need("xvfb-run"); err != nil {
		return "", err
	}
	// ebiten wants a display as soon as it is linked, before any test could start one.
	out, err := c.cmd([]string{"LIBGL_ALWAYS_SOFTWARE=1"}, "xvfb-run", "-a", "go", "test", "-count=1",
		"-v", "-tags", "gui", "./cmd/halfopen-view/...", "./render/paint/...")
	if err != nil {
		return "", err
	}
	return verdicts(out)
}

// verdicts counts the tests of a verbose run; that none ran, or one was skipped in CI, is an error.
func verdicts(out string) (string, error) {
	ran := strings.Count("\n"+out, "\n--- PASS")
	skipped := strings.Count(out, "--- SKIP")
	if ran == 0 && skipped == 0 {
		return "", fmt.Errorf("no test ran")
	}
	if skipped > 0 && ci() {
		return "", fmt.Errorf("%d tests were skipped:\n%s", skipped, tail(out))
	}
	return fmt.Sprintf("%d tests, %d skipped", ran, skipped), nil
}

func needOne(programs ...string) error {
	for _, p := range programs {
		if need(p) == nil {
			return nil
		}
	}
	return skip{"none of " + strings.Join(programs, ", ") + " is installed"}
}

var fuzzTarget = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// fuzzSeconds is for each target: enough to find what a change just broke.
const fuzzSeconds = "6s"

// stepFuzz runs every fuzz target there is.
func stepFuzz(c *checker) (string, error) {
	files, err := sources()
	if err != nil {
		return "", err
	}
	n := 0
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			return "", err
		}
		for _, m := range fuzzTarget.FindAllStringSubmatch(string(b), -1) {
			n++
			if _, err := c.cmd(nil, "go", "test", "-run", "^$", "-fuzz", "^"+m[1]+"$", "-fuzztime",
				fuzzSeconds, "./"+filepath.ToSlash(filepath.Dir(f))); err != nil {
				return "", err
			}
		}
	}
	if n == 0 {
		return "", fmt.Errorf("there are no fuzz targets")
	}
	return fmt.Sprintf("%d targets", n), nil
}
